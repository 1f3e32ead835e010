internal import PKIX
internal import SwiftASN1
public import X509

/// The linter's rules about names, for names that are checked before there is a certificate: the subject of a
/// request, and of an authority before its key is generated.
public enum NameLint {
    /// The fault of a Name's DER, completing a sentence about it; nil when there is none. An empty name
    /// passes.
    public static func problem(in name: ArraySlice<UInt8>) -> String? {
        guard let name = EncodedName(name) else { return "is no sequence of relative distinguished names" }
        return NameRule.all.lazy.compactMap { $0.problem(name, false) }.first
    }

    /// The fault of a Name that will be encoded.
    public static func problem(in name: DistinguishedName) -> String? {
        var serializer = DER.Serializer()
        do { try serializer.serialize(name) } catch { return "cannot be encoded: \(parseReason(error))" }
        return problem(in: serializer.serializedBytes[...])
    }

    /// The fault of the names in an extension that consists of names, completing a sentence about it.
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

    /// The fault of the names in extensions of an authority's own CSR, with the name of the extension.
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
