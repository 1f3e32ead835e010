/// A serial number as people and clients write it: hexadecimal digits of an integer, of any case, with or
/// without colons. Clients write `%x` without a leading zero, and colons from the left with a short last
/// group, so colons mean nothing.
public enum SerialNumberText {
    /// Big-endian, without leading zeros; nil unless the text is a number from 1 on of at most 20 octets
    /// (RFC 5280, section 4.1.2.2).
    public static func octets(_ text: String) -> [UInt8]? {
        var digits: [UInt8] = []
        var last: UInt8 = UInt8(ascii: ":")
        for octet in text.utf8 {
            defer { last = octet }
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(octet - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(octet - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(octet - UInt8(ascii: "A") + 10)
            case UInt8(ascii: ":") where last != octet: continue
            default: return nil
            }
        }
        guard last != UInt8(ascii: ":") else { return nil }
        let significant = digits.drop { $0 == 0 }
        guard !significant.isEmpty, significant.count <= 40 else { return nil }
        let even = (significant.count % 2 == 0 ? [] : [0]) + significant
        return stride(from: 0, to: even.count, by: 2).map { even[$0] << 4 | even[$0 + 1] }
    }
}
