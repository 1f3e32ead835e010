internal import X509

enum VersionLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.1", "version") { subject in
        // RFC 5280, section 4.1.2.1: version 3 when there are extensions.
        subject.certificate.extensions.isEmpty || subject.certificate.version == .v3 ? nil : "is not 3"
    }
}
