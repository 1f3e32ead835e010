internal import SwiftASN1
internal import X509

extension LintRule {
    static let nameConstraints = LintRule("RFC 5280, section 4.2.1.10", "nameConstraints") { subject in
        guard let entry = subject.entry(.X509ExtensionID.nameConstraints) else { return nil }
        // RFC 5280, section 4.2.1.10: only in the certificate of a certificate authority, and critical.
        if !subject.isAuthority { return "stands in a certificate that is not for a certificate authority" }
        if !entry.critical { return "is not critical" }
        guard let constraints = try? NameConstraints(entry) else {
            return "does not parse, or has a minimum or maximum"
        }
        let subtrees = constraints.permittedSubtrees + constraints.excludedSubtrees
        if subtrees.isEmpty { return "is empty" }
        for subtree in subtrees {
            if let problem = problem(subtree) { return problem }
        }
        return nil
    }

    private static func problem(_ subtree: GeneralName) -> String? {
        switch subtree {
        case .ipAddress(let octets):
            // RFC 5280, section 4.2.1.10: address and mask.
            return octets.bytes.count == 8 || octets.bytes.count == 32
                ? nil : "has an IP range of \(octets.bytes.count) octets"
        case .dnsName(let name):
            return name.isEmpty || NameSyntax.isHostOrDomain(name) ? nil : "has a DNS name that is not one"
        case .rfc822Name(let name):
            return name.isEmpty || NameSyntax.isMailbox(name) || NameSyntax.isHostOrDomain(name)
                ? nil : "has an email subtree that is neither a mailbox, a host nor a domain"
        case .uniformResourceIdentifier(let name):
            return name.isEmpty || NameSyntax.isHostOrDomain(name)
                ? nil : "has a URI subtree that is neither a host nor a domain with a leading dot"
        case .directoryName: return nil
        // RFC 5280, section 4.2.1.10: relying parties need not know the others, and then refuse.
        default: return "has a form of name that relying parties do not process"
        }
    }
}
