internal import PKIX
internal import SwiftASN1
internal import X509

enum ExtendedKeyUsageLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.12", "extendedKeyUsage") { subject in
        guard let entry = subject.entry(.X509ExtensionID.extendedKeyUsage) else { return nil }
        // RFC 5280, section 4.2.1.12: SEQUENCE SIZE (1..MAX) OF KeyPurposeId.
        if let problem = LintRule.syntaxProblem(entry, BasicExtensionSyntax.checkExtendedKeyUsage) {
            return problem
        }
        guard let usages = try? ExtendedKeyUsage(entry) else { return "has a purpose twice" }
        // RFC 5280, section 4.2.1.12: with anyExtendedKeyUsage it should not be critical.
        if entry.critical, usages.contains(.any) { return "is critical with anyExtendedKeyUsage" }
        // RFC 3161, section 2.3: a time stamping certificate has this purpose only, and critical.
        if usages.contains(.timeStamping), !entry.critical || usages.count != 1, !subject.isAuthority {
            return "has timeStamping, which must be critical and the only purpose (RFC 3161, section 2.3)"
        }
        return nil
    }
}
