internal import PKIX
internal import SwiftASN1
internal import X509

enum PolicyMappingsCriticalLint {
    static let rule = LintRule(
        "RFC 5280, section 4.2.1.5", "policyMappings", level: .should
    ) { subject in
        // RFC 5280, section 4.2.1.5: marked critical.
        subject.entry(.X509ExtensionID.policyMappings)?.critical == false ? "is not critical" : nil
    }
}
