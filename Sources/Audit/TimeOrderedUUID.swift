public import Foundation

/// A UUID whose text sorts by time (RFC 9562, section 5.7, version 7): milliseconds since 1970, their 4096ths (section 6.2,
/// method 3) and 62 random bits. What is kept by such identifiers is added at the end of its index, however large that is.
public func timeOrderedUUID(at time: Date = Date()) -> String {
    var generator = SystemRandomNumberGenerator()
    let milliseconds = max(0, time.timeIntervalSince1970 * 1000)
    let fraction = UInt64((milliseconds - milliseconds.rounded(.down)) * 4096)
    return uuid(at: time, min(fraction, 0x0FFF), generator.next() & 0x3FFF_FFFF_FFFF_FFFF)
}

/// The least that ``timeOrderedUUID(at:)`` can make of a time.
public func firstTimeOrderedUUID(at time: Date) -> String { uuid(at: time, 0, 0) }

/// When a UUID of version 7 was made, to the millisecond; nil for any other text.
public func timeOfTimeOrderedUUID(_ text: String) -> Date? {
    guard UUID(uuidString: text) != nil, Array(text.utf8)[14] == UInt8(ascii: "7"),
        let milliseconds = UInt64(text.prefix(8) + text.dropFirst(9).prefix(4), radix: 16)
    else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1000)
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
        text.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
    }
    return String(decoding: text, as: UTF8.self)
}
