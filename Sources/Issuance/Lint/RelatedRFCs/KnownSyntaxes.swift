internal import PKIX
internal import X509

enum KnownSyntaxesLint {
    /// One rule for each extension that has a known syntax and no other rule.
    static let rules: [LintRule] = ExtensionSyntax.withoutOtherRules.map { syntax in
        LintRule(syntax.source, syntax.name) { subject in
            guard subject.hasOtherKnownExtension else { return nil }
            return subject.entry(syntax.identifier).flatMap { entry in
                LintRule.syntaxProblem(entry) { value throws(SyntaxFault) in try syntax.check(value) }
            }
        }
    }
}
