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
                if text.isEmpty || text == " " { return "holds an empty DNS name" }
                if text.utf8.count > 253 { return "holds a DNS name of more than 253 octets" }
            case .ipAddress(let address):
                // RFC 5280, section 4.2.1.6: four octets for IPv4, sixteen for IPv6.
                if address.bytes.count != 4, address.bytes.count != 16 {
                    return "holds an IP address of \(address.bytes.count) octets"
                }
            case .rfc822Name(let text), .uniformResourceIdentifier(let text):
                if text.isEmpty { return "holds an empty name" }
            default: break
            }
        }
        return nil
    }
}
