internal import Identifiers

/// IP addresses as text and as octets: four octets for IPv4, sixteen for IPv6.
public enum IPAddress {
    /// Parses `192.0.2.1` (RFC 3986, section 3.2.2: no leading zeros) or `2001:db8::1` (RFC 4291, section
    /// 2.2), without a zone. Nil for other text.
    public static func octets(_ text: String) -> [UInt8]? {
        text.utf8.contains(UInt8(ascii: ":")) ? version6(text) : version4(text)
    }

    /// Parses `10.0.0.0/8` or one address. Returns the address and the mask, as name constraints hold them
    /// (RFC 5280, section 4.2.1.10). Nil when address bits beyond the prefix are set.
    public static func range(_ text: String) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let address = octets(String(decoding: parts[0], as: UTF8.self)), parts.count <= 2 else {
            return nil
        }
        var prefix = address.count * 8
        if parts.count == 2 {
            guard let number = decimal(parts[1]), number <= prefix else { return nil }
            prefix = number
        }
        let mask = (0..<address.count).map { index in
            UInt8(truncatingIfNeeded: 0xFF00 >> min(8, max(0, prefix - 8 * index)))
        }
        guard zip(address, mask).allSatisfy({ $0 & ~$1 == 0 }) else { return nil }
        return address + mask
    }

    /// Whether an address lies in a range of ``range(_:)``. False for an address of the other version.
    public static func isInside(
        _ address: some Collection<UInt8>, range: some Collection<UInt8>
    ) -> Bool {
        guard range.count == 2 * address.count, !address.isEmpty else { return false }
        let mask = range.dropFirst(address.count)
        return zip(zip(address, range), mask).allSatisfy { pair, mask in pair.0 & mask == pair.1 & mask }
    }

    /// The usual text form.
    public static func text(_ octets: some Collection<UInt8>) -> String {
        let bytes = Array(octets)
        switch bytes.count {
        case 4: return bytes.map(String.init).joined(separator: ".")
        case 8: return "\(text(bytes[..<4]))/\(prefix(bytes[4...]))"
        case 16: return text6(bytes)
        case 32: return "\(text(bytes[..<16]))/\(prefix(bytes[16...]))"
        default: return hexadecimal(bytes)
        }
    }

    private static func prefix(_ mask: ArraySlice<UInt8>) -> String {
        let bits = mask.reduce(0) { $0 + $1.nonzeroBitCount }
        let isPrefix = mask.enumerated().allSatisfy { index, byte in
            byte == UInt8(truncatingIfNeeded: 0xFF00 >> min(8, max(0, bits - 8 * index)))
        }
        return isPrefix ? "\(bits)" : text(mask)
    }

    private static func version4(_ text: String) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let octets = parts.compactMap { part in
            part.count == 1 || part.first != UInt8(ascii: "0")
                ? decimal(part).flatMap(UInt8.init(exactly:)) : nil
        }
        return octets.count == 4 ? octets : nil
    }

    private static func version6(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        let whole = text.utf8[...]
        guard let gap = gap(in: whole) else {
            let octets = groups(whole)
            return octets?.count == 16 ? octets : nil
        }
        // RFC 4291, section 2.2: `::` replaces one or more groups of zeros, and occurs once.
        let rest = whole[gap...].dropFirst(2)
        guard let head = groups(whole[..<gap]), let tail = groups(rest), head.count + tail.count <= 14,
            !whole[..<gap].contains(UInt8(ascii: "."))
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The position of the first two consecutive colons.
    private static func gap(in text: Substring.UTF8View) -> Substring.UTF8View.Index? {
        text.indices.first { text[$0...].starts(with: "::".utf8) }
    }

    private static func groups(_ text: Substring.UTF8View) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var octets: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if part.contains(UInt8(ascii: ".")) {
                // RFC 4291, section 2.2 (3): the last 32 bits as IPv4.
                guard index == parts.count - 1, let last = version4(String(decoding: part, as: UTF8.self))
                else {
                    return nil
                }
                octets += last
            } else {
                guard (1...4).contains(part.count), part.allSatisfy(isHexadecimal),
                    let number = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
                else { return nil }
                octets += [UInt8(number >> 8), UInt8(number & 0xFF)]
            }
        }
        return octets.count <= 16 ? octets : nil
    }

    // RFC 5952, section 4: lower case, no leading zeros, the first longest run of zero groups as `::`.
    private static func text6(_ bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var run = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > run.count, index - start > 1 { run = start..<index }
            start = index + 1
        }
        let text = { (part: ArraySlice<UInt16>) in
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return run.isEmpty
            ? text(groups[...]) : "\(text(groups[..<run.lowerBound]))::\(text(groups[run.upperBound...]))"
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func decimal(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
