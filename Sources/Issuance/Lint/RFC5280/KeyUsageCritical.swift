internal import SwiftASN1
internal import X509

enum KeyUsageCriticalLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.3", "keyUsage", level: .should) {
        subject in
        // RFC 5280, section 4.2.1.3: marked critical.
        subject.entry(.X509ExtensionID.keyUsage)?.critical == false ? "is not critical" : nil
    }
}
