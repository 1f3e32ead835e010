internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let policyExtensions = LintRule("RFC 5280, section 4.2.1", "policy extensions") { subject in
        // RFC 5280, sections 4.2.1.5, 4.2.1.11 and 4.2.1.14
        let rules: [(oid: ASN1ObjectIdentifier, name: String, mustBeCritical: Bool)] = [
            (.X509ExtensionID.policyMappings, "policyMappings", false),
            (.X509ExtensionID.policyConstraints, "policyConstraints", true),
            (.X509ExtensionID.inhibitAnyPolicy, "inhibitAnyPolicy", true),
        ]
        for rule in rules {
            guard let entry = subject.entry(rule.oid) else { continue }
            if !subject.isAuthority {
                return "hold \(rule.name) in a certificate that is not for a certificate authority"
            }
            if rule.mustBeCritical, !entry.critical { return "hold a \(rule.name) that is not critical" }
            guard let node = try? DER.parse(entry.value) else { return "hold a \(rule.name) that is not DER" }
            // RFC 5280, section 4.2.1.11: policyConstraints must not be an empty sequence.
            if case .constructed(let parts) = node.content, parts.first(where: { _ in true }) == nil {
                return "hold an empty \(rule.name)"
            }
        }
        return nil
    }
}
