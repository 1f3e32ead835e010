public import Foundation

/// A UUID whose text sorts by time (RFC 9562, section 5.7, version 7): milliseconds since 1970, their 4096ths
/// (section 6.2, method 3) and 62 random bits. New rows with such identifiers go to the end of an index, so
/// an insertion is cheap in an index of any size.
public func timeOrderedUUID(at time: Date = Date()) -> String {
    var generator = SystemRandomNumberGenerator()
    let milliseconds = max(0, time.timeIntervalSince1970 * 1000)
    let fraction = UInt64((milliseconds - milliseconds.rounded(.down)) * 4096)
    return uuid(at: time, min(fraction, 0x0FFF), generator.next() & 0x3FFF_FFFF_FFFF_FFFF)
}

/// A UUID in lower case whose last digit differs by these bits; nil for any other text.
func uuid(_ text: String, changedBy bits: UInt8) -> String? {
    var octets = Array(text.utf8)
    guard octets.count == 36 else { return nil }
    for place in octets.indices {
        // RFC 9562, section 4: five groups of digits.
        if [8, 13, 18, 23].contains(place) {
            guard octets[place] == UInt8(ascii: "-") else { return nil }
        } else if digitValue(octets[place]) == nil {
            return nil
        }
    }
    guard let last = digitValue(octets[35]) else { return nil }
    octets[35] = digit(last ^ bits)
    return String(decoding: octets, as: UTF8.self)
}

/// Of a digit in lower case.
private func digitValue(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
    default: nil
    }
}

private func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

private func uuid(at time: Date, _ middle: UInt64, _ end: UInt64) -> String {
    let milliseconds = UInt64(min(max(0, time.timeIntervalSince1970 * 1000), 0xFFFF_FFFF_FFFF))
    let high = milliseconds << 16 | 0x7000 | middle
    let low = 0x8000_0000_0000_0000 | end
    // Digit by digit: several are made for every request.
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for digit in 0..<32 {
        if [8, 12, 16, 20].contains(digit) { text.append(UInt8(ascii: "-")) }
        let value = UInt8(truncatingIfNeeded: (digit < 16 ? high : low) >> (60 - 4 * (digit & 15))) & 0xF
        text.append(Audit.digit(value))
    }
    return String(decoding: text, as: UTF8.self)
}
