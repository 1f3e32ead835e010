internal import X509

enum KeyAgreementUsageLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.3", "keyUsage") { subject in
        guard let usage = subject.keyUsage else { return nil }
        // RFC 5280, section 4.2.1.3: encipherOnly and decipherOnly are defined only with keyAgreement.
        return (usage.encipherOnly || usage.decipherOnly) && !usage.keyAgreement
            ? "has encipherOnly or decipherOnly without keyAgreement" : nil
    }
}
