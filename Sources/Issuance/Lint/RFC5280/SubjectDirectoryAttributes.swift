internal import PKIX
internal import X509

enum SubjectDirectoryAttributesLint {
    static let rule = LintRule(
        "RFC 5280, section 4.2.1.8", "subjectDirectoryAttributes"
    ) { subject in
        guard let entry = subject.entry(.X509ExtensionID.subjectDirectoryAttributes) else { return nil }
        // RFC 5280, section 4.2.1.8: must not be critical.
        if entry.critical { return "is critical" }
        // RFC 5280, section 4.2.1.8: SEQUENCE SIZE (1..MAX) OF Attribute.
        return LintRule.syntaxProblem(entry) { value throws(SyntaxFault) in
            _ = try SubjectDirectoryAttributes(derEncoded: value)
        }
    }
}
