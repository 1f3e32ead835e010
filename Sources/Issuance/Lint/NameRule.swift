internal import PKIX
internal import X509

/// A rule about one name, whatever field or extension it stands in.
struct NameRule: Sendable {
    let source: String
    /// What is wrong with a name, as the rest of a sentence about it; nil when it keeps the rule.
    let problem: @Sendable (_ name: EncodedName, _ isEstablished: Bool) -> String?

    /// In the order in which they are said: structure before strings before lengths.
    static let all: [NameRule] = [structure, strings, characters, types, lengths, domainComponents]

    /// The rule as one of certificates, about the subject.
    var ofSubject: LintRule {
        LintRule(source, "subject") { subject in
            // RFC 5280, section 4.1.2.4
            guard let name = subject.subjectName else {
                return "is no sequence of relative distinguished names"
            }
            return problem(name, false)
        }
    }

    /// The rule as one about the issuer. Its name is the subject of another certificate, octet for octet, and may have been
    /// there before the rules about types (RFC 5280, section 4.1.2.4).
    /// - Parameter isForIssuance: whether it holds for a certificate that is to be issued too. There the name is given, and
    ///   was checked by all rules when its authority was made; what would make the certificate unreadable is refused again.
    func ofIssuer(isForIssuance: Bool) -> LintRule {
        LintRule(source, "issuer") { subject in
            if subject.issuance != nil, !isForIssuance { return nil }
            guard let name = subject.issuerName else {
                return "is no sequence of relative distinguished names"
            }
            return problem(name, true)
        }
    }

    /// The rule as one about the names of directories in extensions.
    var ofDirectoryNames: LintRule {
        LintRule(source, "directoryName") { Self.problem(in: $0.directoryNames) { problem($0, false) } }
    }

    private static func problem(
        in names: [LintSubject.DirectoryName], _ problem: (EncodedName) -> String?
    ) -> String? {
        for (index, entry) in names.enumerated() {
            let found =
                entry.name.map(problem) ?? "is no sequence of relative distinguished names"
            if let found {
                return "\(found) (in \(entry.field), directory name \(index + 1) of \(names.count))"
            }
        }
        return nil
    }
}

extension LintRule {
    static let subjectStructure = NameRule.structure.ofSubject
    static let subjectStrings = NameRule.strings.ofSubject
    static let subjectCharacters = NameRule.characters.ofSubject
    static let subjectTypes = NameRule.types.ofSubject
    static let subjectLengths = NameRule.lengths.ofSubject
    static let subjectDomainComponents = NameRule.domainComponents.ofSubject
    static let issuerStructure = NameRule.structure.ofIssuer(isForIssuance: true)
    static let issuerStrings = NameRule.strings.ofIssuer(isForIssuance: true)
    static let issuerCharacters = NameRule.characters.ofIssuer(isForIssuance: false)
    static let issuerTypes = NameRule.types.ofIssuer(isForIssuance: false)
    static let issuerLengths = NameRule.lengths.ofIssuer(isForIssuance: false)
    static let issuerDomainComponents = NameRule.domainComponents.ofIssuer(isForIssuance: false)
    static let directoryNameStructure = NameRule.structure.ofDirectoryNames
    static let directoryNameStrings = NameRule.strings.ofDirectoryNames
    static let directoryNameCharacters = NameRule.characters.ofDirectoryNames
    static let directoryNameTypes = NameRule.types.ofDirectoryNames
    static let directoryNameLengths = NameRule.lengths.ofDirectoryNames
    static let directoryNameDomainComponents = NameRule.domainComponents.ofDirectoryNames
}
