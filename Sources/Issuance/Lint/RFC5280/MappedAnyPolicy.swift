internal import PKIX
internal import X509

enum MappedAnyPolicyLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.5", "policyMappings") { subject in
        // RFC 5280, section 4.2.1.5: policies must not be mapped to or from anyPolicy.
        let isMapped = subject.policyMappings.contains {
            $0.issuerDomainPolicy == QualifiedPolicies.anyPolicy
                || $0.subjectDomainPolicy == QualifiedPolicies.anyPolicy
        }
        return isMapped ? "maps anyPolicy" : nil
    }
}
