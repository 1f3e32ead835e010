internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let certificatePolicies = LintRule("RFC 5280, section 4.2.1.4", "certificatePolicies") {
        subject in
        guard let entry = subject.entry(.X509ExtensionID.certificatePolicies) else { return nil }
        guard let policies = try? CertificatePolicies(derEncoded: entry.value).policies else {
            return "does not parse"
        }
        if policies.isEmpty { return "is empty" }
        // RFC 5280, section 4.2.1.4: a policy must not appear more than once.
        if Set(policies.map(\.identifier)).count != policies.count { return "has a policy twice" }
        return nil
    }
}
