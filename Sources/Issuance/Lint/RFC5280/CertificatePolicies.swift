internal import PKIX
internal import SwiftASN1
internal import X509

enum CertificatePoliciesLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.4", "certificatePolicies") {
        subject in
        guard let entry = subject.entry(.X509ExtensionID.certificatePolicies) else { return nil }
        do throws(SyntaxFault) {
            return duplicateProblem(try QualifiedPolicies(derEncoded: entry.value).policies)
        } catch { return LintRule.syntaxProblem(entry, error) }
    }

    /// RFC 5280, section 4.2.1.4: a policy must not appear more than once.
    static func duplicateProblem(_ policies: [QualifiedPolicies.Policy]) -> String? {
        var seen = Set<ASN1ObjectIdentifier>(minimumCapacity: policies.count)
        return policies.first { !seen.insert($0.identifier).inserted }.map {
            "has the policy \($0.identifier) twice"
        }
    }
}
