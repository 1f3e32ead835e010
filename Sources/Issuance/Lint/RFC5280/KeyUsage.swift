internal import PKIX
internal import X509

enum KeyUsageLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.3", "keyUsage") { subject in
        guard let entry = subject.entry(.X509ExtensionID.keyUsage) else {
            return subject.isAuthority ? "is missing in the certificate of a certificate authority" : nil
        }
        // RFC 5280, section 4.2.1.3: at least one bit is set.
        if entry.value.starts(with: [0x03, 0x01]) { return "is empty" }
        // RFC 5280, section 4.2.1.3: a named bit list in DER.
        if let problem = LintRule.syntaxProblem(entry, BasicExtensionSyntax.checkKeyUsage) { return problem }
        guard let usage = subject.keyUsage else { return "does not parse" }
        if usage == KeyUsage() { return "is empty" }
        // RFC 5280, section 4.2.1.3: keyCertSign requires the cA flag, and the cA flag keyCertSign.
        if subject.isAuthority {
            return usage.keyCertSign ? nil : "lacks keyCertSign in the certificate of a certificate authority"
        }
        return usage.keyCertSign
            ? "has keyCertSign in a certificate that is not for a certificate authority" : nil
    }
}
