internal import PKIX
internal import SwiftASN1
internal import X509

enum OtherGeneralNamesLint {
    /// The names in extensions that have no rule of their own about them.
    static let rule = LintRule("RFC 5280, section 4.2.1.6", "general names") { subject in
        guard subject.hasOtherKnownExtension || subject.entry(.X509ExtensionID.qcStatements) != nil else {
            return nil
        }
        for entry in subject.certificate.extensions
        where GeneralNameElements.isWithoutOtherRules(entry.oid) {
            var problem: String?
            GeneralNameElements.forEach(in: entry) { element in
                // The syntax of the extension tells of an element that is no GeneralName.
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
