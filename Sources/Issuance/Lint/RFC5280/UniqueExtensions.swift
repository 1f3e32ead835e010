internal import PKIX

enum UniqueExtensionsLint {
    static let rule = LintRule("RFC 5280, section 4.2", "extensions") { subject in
        // RFC 5280, section 4.2: at most one instance of an extension.
        subject.fields.duplicateExtension.map { "hold \(ExtensionText.name($0)) twice" }
    }
}
