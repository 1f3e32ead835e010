internal import SwiftASN1
internal import X509

enum NameConstraintMasksLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.10", "nameConstraints") { subject in
        guard let entry = subject.entry(.X509ExtensionID.nameConstraints),
            let constraints = try? NameConstraints(entry)
        else { return nil }
        for case .ipAddress(let range) in constraints.permittedSubtrees + constraints.excludedSubtrees {
            let mask = range.bytes.suffix(range.bytes.count / 2)
            // RFC 5280, section 4.2.1.10: a mask in the style of CIDR (RFC 4632), ones and then zeros.
            if !isContiguous(mask) { return "has an IP range whose mask has holes" }
            // RFC 4632, section 3.1: the bits after the prefix are zero. Some readers refuse other ranges.
            let address = range.bytes.prefix(range.bytes.count / 2)
            if zip(address, mask).contains(where: { $0 & ~$1 != 0 }) {
                return "has an IP range whose address has bits outside its mask"
            }
        }
        return nil
    }

    private static func isContiguous(_ mask: ArraySlice<UInt8>) -> Bool {
        guard let last = mask.lastIndex(where: { $0 != 0 }) else { return true }
        return mask[..<last].allSatisfy { $0 == 0xFF } && (~mask[last] &+ 1) & ~mask[last] == 0
    }
}
