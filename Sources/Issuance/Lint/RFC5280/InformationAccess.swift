internal import PKIX
internal import SwiftASN1
internal import X509

enum InformationAccessLint {
    static let rule = LintRule("RFC 5280, section 4.2.2", "information access") { subject in
        for oid in [
            .X509ExtensionID.authorityInformationAccess, .X509ExtensionID.subjectInformationAccess,
        ] as [ASN1ObjectIdentifier] {
            guard let entry = subject.entry(oid) else { continue }
            let name = ExtensionText.name(oid)
            // RFC 5280, sections 4.2.2.1 and 4.2.2.2: must not be critical.
            if entry.critical { return "is critical (\(name))" }
            do throws(SyntaxFault) {
                for (index, access) in try AccessDescriptions(derEncoded: entry.value).list.enumerated() {
                    // RFC 5280, section 4.2.2.1: URIs are absolute, as in section 4.2.1.6.
                    if let problem = NameSyntax.problem(in: [access.location]) {
                        return "\(problem) (\(name), accessLocation \(index + 1))"
                    }
                }
            } catch { return "\(LintRule.syntaxProblem(entry, error)) (\(name))" }
        }
        return nil
    }
}
