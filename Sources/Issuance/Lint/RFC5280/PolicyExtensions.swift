internal import PKIX
internal import SwiftASN1
internal import X509

enum PolicyExtensionsLint {
    static let rule = LintRule("RFC 5280, section 4.2.1", "policy extensions") { subject in
        // RFC 5280, sections 4.2.1.5, 4.2.1.11 and 4.2.1.14
        for (oid, mustBeCritical) in [
            (.X509ExtensionID.policyMappings, false), (.X509ExtensionID.policyConstraints, true),
            (.X509ExtensionID.inhibitAnyPolicy, true),
        ] as [(ASN1ObjectIdentifier, Bool)] {
            guard let entry = subject.entry(oid) else { continue }
            let name = ExtensionText.name(oid)
            if !subject.isAuthority {
                return "hold \(name) in a certificate that is not for a certificate authority"
            }
            if mustBeCritical, !entry.critical { return "hold a \(name) that is not critical" }
            do throws(SyntaxFault) { try checkSyntax(entry) } catch {
                return "hold \(name), which \(LintRule.syntaxProblem(entry, error))"
            }
        }
        return nil
    }

    private static func checkSyntax(_ entry: Certificate.Extension) throws(SyntaxFault) {
        switch entry.oid {
        case .X509ExtensionID.policyMappings: _ = try PolicyMappings(derEncoded: entry.value)
        // RFC 5280, section 4.2.1.11: not an empty sequence; skipCerts is INTEGER (0..MAX).
        case .X509ExtensionID.policyConstraints: _ = try PolicyConstraints(derEncoded: entry.value)
        // RFC 5280, section 4.2.1.14: SkipCerts ::= INTEGER (0..MAX).
        default: _ = try InhibitAnyPolicy.skipCerts(derEncoded: entry.value)
        }
    }
}
