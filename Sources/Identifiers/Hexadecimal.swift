/// `bytes` in lower-case hexadecimal, two digits an octet, with `separator` between the octets.
public func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
    // Not generic, so that it is fast where other modules call it.
    digits(Array(bytes), Array(separator.utf8))
}

private func digits(_ bytes: [UInt8], _ separator: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * (2 + separator.count))
    for byte in bytes {
        if !separator.isEmpty, !text.isEmpty { text += separator }
        text.append(digit(byte >> 4))
        text.append(digit(byte & 0xF))
    }
    return String(decoding: text, as: UTF8.self)
}

private func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

/// The octets that hexadecimal digits of either case stand for; nil when the text holds anything else, or
/// half an octet.
public func octets(hexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.compactMap(value)
    guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// By digit: the initializers of integers take a sign too.
private func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
