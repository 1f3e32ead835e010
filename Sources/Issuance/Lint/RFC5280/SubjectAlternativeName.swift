internal import SwiftASN1
internal import X509

extension LintRule {
    static let subjectAlternativeName = LintRule("RFC 5280, section 4.2.1.6", "subjectAltName") { subject in
        guard let entry = subject.certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName] else {
            return nil
        }
        guard let names = try? SubjectAlternativeNames(entry) else { return "does not parse" }
        // RFC 5280, section 4.2.1.6: at least one entry.
        if names.isEmpty { return "is empty" }
        for name in names {
            switch name {
            case .dnsName(let text):
                if !NameSyntax.isDNSName(text) { return "holds a DNS name that is not one" }
            case .ipAddress(let address):
                // RFC 5280, section 4.2.1.6: four octets for IPv4, sixteen for IPv6.
                if address.bytes.count != 4, address.bytes.count != 16 {
                    return "holds an IP address of \(address.bytes.count) octets"
                }
            case .rfc822Name(let text):
                if !NameSyntax.isMailbox(text) { return "holds an email address that is not one" }
            case .uniformResourceIdentifier(let text):
                if !NameSyntax.isAbsoluteURI(text) { return "holds a URI that is not absolute" }
            default: break
            }
        }
        return nil
    }
}
