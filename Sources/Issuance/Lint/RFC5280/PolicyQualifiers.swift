internal import PKIX
internal import X509

extension LintRule {
    static let policyQualifiers = LintRule("RFC 5280, section 4.2.1.4", "certificatePolicies") { subject in
        for policy in subject.policies {
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
                default: break
                }
            }
        }
        return nil
    }
}
