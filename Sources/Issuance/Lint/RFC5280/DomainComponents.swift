internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let domainComponents = LintRule("RFC 5280, section 4.1.2.4", "subject") { subject in
        var length = 0
        for relativeName in subject.certificate.subject {
            for attribute in relativeName where attribute.type == .RDNAttributeType.domainComponent {
                // RFC 4519, section 2.4, and RFC 2247, section 4: each is one label of a domain name.
                guard let label = attribute.value.text, NameSyntax.isLabel(label.utf8[...]) else {
                    return "has a domainComponent that is no label of a domain name"
                }
                if let problem = NameSyntax.aLabelProblem(label) {
                    return "has a domainComponent that \(problem)"
                }
                length += label.utf8.count + 1
            }
        }
        // RFC 1034, section 3.1: 255 octets with a length before each label and the root's behind them.
        return length > 254 ? "has domainComponents that are longer than a domain name" : nil
    }
}
