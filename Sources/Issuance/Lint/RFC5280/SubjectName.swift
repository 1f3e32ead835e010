internal import PKIX
internal import X509

enum SubjectNameLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.6", "subject") { subject in
        guard subject.certificate.subject.hasNoAttribute else { return nil }
        // RFC 5280, section 4.1.2.6: a certificate authority has a name.
        if subject.isAuthority { return "is empty in the certificate of a certificate authority" }
        // RFC 5280, section 4.2.1.6: with an empty subject the alternative names must be critical.
        let names = subject.certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName]
        return names?.critical == true
            ? nil : "is empty, but the subject alternative name extension is not critical"
    }
}
