internal import PKIX
internal import SwiftASN1
internal import X509

enum ApplicationPoliciesLint {
    /// Microsoft's application policies have the syntax of certificatePolicies, so the same rules apply.
    static let rule = LintRule("RFC 5280, section 4.2.1.4", "application policies") {
        subject in
        guard subject.hasOtherKnownExtension,
            let entry = subject.entry(.X509ExtensionID.applicationPolicies),
            // Another rule reports syntax faults.
            let policies = try? QualifiedPolicies(derEncoded: entry.value).policies
        else { return nil }
        return CertificatePoliciesLint.duplicateProblem(policies) ?? PolicyQualifiersLint.qualifierProblem(
            policies) ?? ExplicitTextLint.explicitTextProblem(policies)
    }
}
