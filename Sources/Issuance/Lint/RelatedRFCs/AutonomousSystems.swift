internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let autonomousSystems = LintRule("RFC 3779, section 3.2.3", "ASIdentifiers") { subject in
        // RFC 8360, section 4.2.2.3: the second has the same syntax.
        for (oid, name) in [
            (.X509ExtensionID.autonomousSystems, "it"),
            (.X509ExtensionID.autonomousSystemsV2, "ASIdentifiers-v2"),
        ] as [(ASN1ObjectIdentifier, String)] {
            guard let entry = subject.entry(oid) else { continue }
            // RFC 3779, section 3.2.3: down to the leaves, and in canonical form.
            let problem = syntaxProblem(entry) { value throws(SyntaxFault) in
                _ = try ASIdentifiers(derEncoded: value)
            }
            if let problem { return "\(problem) (\(name))" }
        }
        return nil
    }
}
