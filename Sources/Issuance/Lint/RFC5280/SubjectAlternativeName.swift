internal import PKIX
internal import SwiftASN1
internal import X509

enum SubjectAlternativeNameLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.6", "subjectAltName") { subject in
        guard let entry = subject.entry(.X509ExtensionID.subjectAlternativeName) else { return nil }
        if let problem = LintRule.syntaxProblem(entry, ExtensionSyntax.checkGeneralNames) { return problem }
        guard let names = try? SubjectAlternativeNames(entry) else { return "does not parse" }
        // RFC 5280, section 4.2.1.6: at least one entry.
        return names.isEmpty ? "is empty" : NameSyntax.problem(in: Array(names))
    }
}
