public import Foundation
internal import PKIX

/// A UUID whose text sorts by time (RFC 9562, section 5.7, version 7): milliseconds since 1970 and 74 random bits. What is
/// kept by such identifiers is added at the end of its index, however large that is.
public func timeOrderedUUID(at time: Date = Date()) -> String {
    var generator = SystemRandomNumberGenerator()
    let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000)) & 0xFFFF_FFFF_FFFF
    let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
    let low = 0x8000_0000_0000_0000 | generator.next() & 0x3FFF_FFFF_FFFF_FFFF
    let octets = [high, low].flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimal(octets[$0]) }.joined(separator: "-")
}
