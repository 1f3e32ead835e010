internal import PKIX
internal import SwiftASN1
public import X509

/// The rules of the linter about names alone, for what is refused before there is a certificate to look at: the subject of a
/// request, and of an authority before its key is made.
public enum NameLint {
    /// What is wrong with the DER of a Name, as the rest of a sentence about it; nil when nothing is. An empty name passes.
    public static func problem(in name: ArraySlice<UInt8>) -> String? {
        guard let name = EncodedName(name) else { return "is no sequence of relative distinguished names" }
        return NameRule.all.lazy.compactMap { $0.problem(name, false) }.first
    }

    /// What is wrong with a Name that is to be written.
    public static func problem(in name: DistinguishedName) -> String? {
        var serializer = DER.Serializer()
        do { try serializer.serialize(name) } catch { return "cannot be encoded: \(parseReason(error))" }
        return problem(in: serializer.serializedBytes[...])
    }

    /// What is wrong with the names in an extension of which they are all, as the rest of a sentence about it.
    static func problem(inNames names: [GeneralName], of entry: Certificate.Extension) -> String? {
        NameSyntax.problem(in: names) ?? problem(inDirectoryNamesOf: entry)
    }

    private static func problem(inDirectoryNamesOf entry: Certificate.Extension) -> String? {
        let names = LintSubject.directoryNames(in: entry)
        for (index, directoryName) in names.enumerated() {
            let problem =
                directoryName.name.map { name in
                    NameRule.all.lazy.compactMap { $0.problem(name, false) }.first
                }
                ?? "is no sequence of relative distinguished names"
            if let problem {
                return
                    "holds a directory name that \(problem) (directory name \(index + 1) of \(names.count))"
            }
        }
        return nil
    }

    /// What is wrong with the names in extensions that an authority's own CSR asks for, with the name of the extension.
    public static func problem(in extensions: [Certificate.Extension]) -> String? {
        for entry in extensions {
            let name = ExtensionText.name(entry.oid)
            if let problem = problem(inDirectoryNamesOf: entry) { return "\(name) \(problem)" }
            guard let access = try? SubjectInformationAccess(entry) else { continue }
            if let problem = NameSyntax.problem(in: access.descriptions.map(\.location)) {
                return "\(name) \(problem)"
            }
        }
        return nil
    }
}
