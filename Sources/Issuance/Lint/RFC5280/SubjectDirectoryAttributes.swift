internal import PKIX
internal import X509

extension LintRule {
    static let subjectDirectoryAttributes = LintRule(
        "RFC 5280, section 4.2.1.8", "subjectDirectoryAttributes"
    ) { subject in
        subject.entry(.X509ExtensionID.subjectDirectoryAttributes)?.critical == true ? "is critical" : nil
    }
}
