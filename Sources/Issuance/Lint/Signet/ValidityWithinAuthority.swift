internal import X509

enum ValidityWithinAuthorityLint {
    static let rule = LintRule("Signet", "validity") { subject in
        guard !subject.isSelfSigned, let own = subject.issuance?.authority.certificate else { return nil }
        return subject.certificate.notValidAfter <= own.notValidAfter
            ? nil : "outlasts the issuing certificate"
    }
}
