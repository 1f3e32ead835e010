internal import PKIX
internal import X509

enum PolicyQualifiersLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.4", "certificatePolicies") { subject in
        qualifierProblem(subject.policies)
    }

    static func qualifierProblem(_ policies: [QualifiedPolicies.Policy]) -> String? {
        for policy in policies {
            for qualifier in policy.qualifiers {
                switch qualifier {
                // RFC 5280, section 4.2.1.4: a URI.
                case .practiceStatement(let uri) where URISyntax.problem(uri) != nil:
                    return
                        "has a practice statement of the policy \(policy.identifier) that is not an absolute URI"
                // RFC 5280, section 4.2.1.4: with anyPolicy, only the two qualifiers of that section.
                case .other(let kind) where policy.identifier == QualifiedPolicies.anyPolicy:
                    return
                        "has the qualifier \(kind) of anyPolicy, which allows CPS pointers and user notices only"
                // RFC 5280, appendix A.2: PolicyQualifierId has two values, and pyca/cryptography parses no
                // other.
                case .other(let kind):
                    return "has the qualifier \(kind), which other readers do not take"
                case .userNotice(let notice):
                    if let problem = problem(notice) {
                        return "has a user notice of the policy \(policy.identifier) \(problem)"
                    }
                default: break
                }
            }
        }
        return nil
    }

    private static func problem(_ notice: QualifiedPolicies.UserNotice) -> String? {
        // GnuTLS parses neither of them.
        if notice.organization == nil, notice.explicitText == nil { return "without anything in it" }
        guard let organization = notice.organization else { return nil }
        if notice.numbers == 0 { return "whose noticeRef has no number" }
        // RFC 5280, appendix A.2: DisplayText is SIZE (1..200).
        guard (1...200).contains(organization.characters) else {
            return "whose organization has \(organization.characters) characters, not 1 to 200"
        }
        return organization.isHidden ? "whose organization has a character that cannot be seen" : nil
    }
}
