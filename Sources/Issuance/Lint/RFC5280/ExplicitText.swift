internal import PKIX
internal import X509

enum ExplicitTextLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.4", "certificatePolicies") { subject in
        explicitTextProblem(subject.policies)
    }

    static func explicitTextProblem(_ policies: [QualifiedPolicies.Policy]) -> String? {
        for text in policies.flatMap(\.explicitTexts) {
            // RFC 5280, appendix A.2: DisplayText is SIZE (1..200).
            if text.characters == 0 { return "has a user notice with an empty explicitText" }
            if text.characters > 200 {
                return
                    "has a user notice with an explicitText of \(text.characters) characters, more than 200"
            }
            // RFC 5280, section 4.2.1.4: no control characters.
            if text.isHidden {
                return "has a user notice with an explicitText with a character that cannot be seen"
            }
            // RFC 6818, section 3: explicitText must not be an IA5String.
            if text.tag == .ia5String { return "has a user notice with an explicitText that is an IA5String" }
        }
        return nil
    }
}
