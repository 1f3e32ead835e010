internal import PKIX
internal import SwiftASN1
internal import X509

enum IssuerAlternativeNameLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.7", "issuerAltName") { subject in
        guard let entry = subject.entry(.X509ExtensionID.issuerAlternativeName) else { return nil }
        if let problem = LintRule.syntaxProblem(entry, ExtensionSyntax.checkGeneralNames) { return problem }
        // It has the syntax of subjectAltName.
        let same = Certificate.Extension(
            oid: .X509ExtensionID.subjectAlternativeName, critical: false, value: entry.value)
        guard let names = try? SubjectAlternativeNames(same) else { return "does not parse" }
        return names.isEmpty ? "is empty" : NameSyntax.problem(in: Array(names))
    }
}
