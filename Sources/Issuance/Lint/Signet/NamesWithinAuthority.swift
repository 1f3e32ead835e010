internal import X509

enum NamesWithinAuthorityLint {
    // RFC 5280, section 6.1.3 (b) and (c), before there is a path to validate.
    static let rule = LintRule("Signet", "subject") { subject in
        guard !subject.isSelfSigned, let constraints = subject.issuance?.authority.constraints,
            !constraints.nameConstraints.isEmpty
        else {
            return nil
        }
        let names = (try? subject.certificate.extensions.subjectAlternativeNames).map(Array.init)
        return constraints.violation(subject: subject.certificate.subject, alternativeNames: names ?? [])
            .map { "breaks the constraints of the issuing certificates: \($0)" }
    }
}
