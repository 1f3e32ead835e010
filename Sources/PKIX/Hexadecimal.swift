/// Lower-case hexadecimal digits, two for an octet, as serial numbers and digests are written.
public func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
    bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined(separator: separator)
}

/// The octets that hexadecimal digits of either case stand for; nil when the text holds anything else, or half an octet.
public func octets(hexadecimal text: String) -> [UInt8]? {
    guard text.utf8.count % 2 == 0 else { return nil }
    let digits = text.unicodeScalars.compactMap { $0.isASCII ? Character($0).hexDigitValue : nil }
    guard digits.count == text.utf8.count else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
