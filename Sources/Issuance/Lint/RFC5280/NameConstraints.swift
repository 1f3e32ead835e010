internal import PKIX
internal import SwiftASN1
internal import X509

enum NameConstraintsLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.10", "nameConstraints") { subject in
        guard let entry = subject.entry(.X509ExtensionID.nameConstraints) else { return nil }
        // RFC 5280, section 4.2.1.10: only in the certificate of a certificate authority, and critical.
        if !subject.isAuthority { return "stands in a certificate that is not for a certificate authority" }
        if !entry.critical { return "is not critical" }
        if let fault = ExtensionSyntax.fault(in: entry) { return LintRule.syntaxProblem(entry, fault) }
        guard let constraints = try? NameConstraints(entry) else { return "does not parse" }
        let subtrees = constraints.permittedSubtrees + constraints.excludedSubtrees
        if subtrees.isEmpty { return "is empty" }
        return subtrees.lazy.compactMap { NameSyntax.problem(inSubtree: $0) }.first
    }
}
