internal import PKIX
internal import SwiftASN1
internal import X509

enum OtherGeneralNamesLint {
    /// The names in extensions whose names no other rule checks.
    static let rule = LintRule("RFC 5280, section 4.2.1.6", "general names") { subject in
        guard subject.hasOtherKnownExtension || subject.entry(.X509ExtensionID.qcStatements) != nil else {
            return nil
        }
        for entry in subject.certificate.extensions
        where GeneralNameElements.isWithoutOtherRules(entry.oid) {
            var problem: String?
            GeneralNameElements.forEach(in: entry) { element in
                // The rule for the extension's syntax reports an element that is not a GeneralName.
                guard problem == nil, let name = try? GeneralName(derEncoded: Array(element.encoded)) else {
                    return
                }
                problem = NameSyntax.problem(in: [name])
            }
            if let problem { return "\(problem) (in \(ExtensionSyntax.name(entry.oid)))" }
        }
        return nil
    }
}
