internal import PKIX
internal import SwiftASN1
internal import X509

enum MappedPoliciesLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.5", "policyMappings", level: .should) {
        subject in
        let asserted = Set(subject.policies.map(\.identifier))
        // RFC 5280, section 4.2.1.5: each issuerDomainPolicy is also in certificatePolicies.
        return subject.policyMappings.first { !asserted.contains($0.issuerDomainPolicy) }.map {
            "maps \($0.issuerDomainPolicy), which certificatePolicies does not hold"
        }
    }
}
