internal import PKIX
internal import X509

/// A rule about one name, in any field or extension.
struct NameRule: Sendable {
    let source: String
    /// The fault of a name, completing a sentence about it; nil when it satisfies the rule.
    let problem: @Sendable (_ name: EncodedName, _ isEstablished: Bool) -> String?

    /// In the order of reporting: structure before strings before lengths.
    static let all: [NameRule] = [structure, strings, characters, types, lengths, domainComponents]

    /// The rule applied to a certificate's subject.
    var ofSubject: LintRule {
        LintRule(source, "subject") { subject in
            // RFC 5280, section 4.1.2.4
            guard let name = subject.subjectName else {
                return "is no sequence of relative distinguished names"
            }
            return problem(name, false)
        }
    }

    /// The rule applied to a certificate's issuer. The name equals the subject of another certificate octet
    /// for octet, which may be older than the rules about types (RFC 5280, section 4.1.2.4).
    /// - Parameter isForIssuance: whether the rule also applies at issuance. There the issuer's name was
    ///   checked by all rules when its authority was created; only rules against unreadable certificates are
    ///   repeated.
    func ofIssuer(isForIssuance: Bool) -> LintRule {
        LintRule(source, "issuer") { subject in
            if subject.issuance != nil, !isForIssuance { return nil }
            guard let name = subject.issuerName else {
                return "is no sequence of relative distinguished names"
            }
            return problem(name, true)
        }
    }

    /// The rule applied to directory names in extensions.
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
