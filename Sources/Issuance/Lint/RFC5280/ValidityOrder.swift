internal import X509

enum ValidityOrderLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.5", "validity") { subject in
        subject.certificate.notValidBefore <= subject.certificate.notValidAfter
            ? nil : "ends before it begins"
    }
}
