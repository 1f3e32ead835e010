internal import PKIX
internal import X509

enum KnownSyntaxesLint {
    /// One rule for each extension of which nothing is known but its syntax.
    static let rules: [LintRule] = ExtensionSyntax.withoutOtherRules.map { syntax in
        LintRule(syntax.source, syntax.name) { subject in
            guard subject.hasOtherKnownExtension else { return nil }
            return subject.entry(syntax.identifier).flatMap { entry in
                LintRule.syntaxProblem(entry) { value throws(SyntaxFault) in try syntax.check(value) }
            }
        }
    }
}
