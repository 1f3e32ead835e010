internal import PKIX
internal import SwiftASN1
internal import X509

/// Subject and extensions of a certificate, from the template, `ApiPassthrough` and the CSR, in that order.
/// Each extension comes completely from the first source that has it (AWS Private CA User Guide, "AWS Private
/// CA template order of operations").
struct CertificateContent {
    /// DER of the subject's Name.
    let subject: [UInt8]
    let subjectName: DistinguishedName
    /// The alternative names in the extension, whatever its source.
    let alternativeNames: [GeneralName]
    /// The subject in the format of conditions and of the log (RFC 4514).
    let subjectText: String
    /// All extensions except authorityKeyIdentifier.
    private let ownExtensions: [Certificate.Extension]
    private let namesIssuerKey: Bool
    /// Requested parts that are left out, each with the reason.
    let ignored: [String]

    init(
        _ template: CertificateTemplate, _ csr: CertificationRequest, apiPassthrough: APIPassthrough?,
        nameConstraints: Certificate.Extension?
    ) throws(IssuanceError) {
        var ignored: [String] = []
        let passthrough: APIPassthrough?
        if let given = apiPassthrough, !template.passthrough.contains(.api) {
            ignored.append("ApiPassthrough\(Self.members(given)): the template \(template.name) takes none")
            passthrough = nil
        } else {
            passthrough = apiPassthrough
        }
        if let given = passthrough?.subject {
            (subject, subjectName) = try Self.encode(given)
            if !csr.subjectName.hasNoAttribute { ignored.append("CSR subject: ApiPassthrough has one") }
        } else {
            (subject, subjectName) = (csr.subject, csr.subjectName)
        }
        try Self.check(subject: subject, isOfAPI: passthrough?.subject != nil)
        subjectText = subjectName.rfc4514
        do {
            var assembly = ExtensionAssembly(template)
            namesIssuerKey = template.role != .selfSignedAuthority
            if namesIssuerKey {
                try assembly.keepFree(.X509ExtensionID.authorityKeyIdentifier, for: "the template")
            }
            for entry in try template.extensions(for: csr) {
                try assembly.define(entry, by: "the template")
            }
            if let nameConstraints { try assembly.define(nameConstraints, by: "NameConstraints") }
            if let passthrough {
                try assembly.take(
                    passthrough.encoded(isSubjectEmpty: subjectName.hasNoAttribute), from: .api, isOpen: true)
            }
            try assembly.take(
                Array(csr.extensions), from: .csr, isOpen: template.passthrough.contains(.csr))
            ownExtensions = assembly.sorted
            let names = ownExtensions.first { $0.oid == .X509ExtensionID.subjectAlternativeName }
            alternativeNames = try Self.checked(
                names: names, areOfCSR: assembly.isOfCSR(.X509ExtensionID.subjectAlternativeName))
            self.ignored =
                ignored + assembly.ignored
                + csr.unusedAttributes.map { "CSR attribute \($0): no template reads it" }
        } catch let error as IssuanceError { throw error } catch {
            throw .encoding(parseReason(error))
        }
    }

    /// The extensions of a certificate by this authority.
    func extensions(
        by authority: IssuingAuthority, serialNumber: [UInt8]
    ) throws(IssuanceError) -> [Certificate.Extension] {
        // A root's own certificate has no issuer that could revoke it.
        guard namesIssuerKey else { return ownExtensions }
        var extensions = ownExtensions
        do {
            // After basicConstraints, which every template has.
            extensions.insert(
                try Certificate.Extension(
                    AuthorityKeyIdentifier(keyIdentifier: ArraySlice(authority.keyIdentifier)),
                    critical: false), at: 1)
        } catch { throw .encoding(parseReason(error)) }
        let sources = [
            authority.listLocation.map {
                DistributionPoints.encoded(url: $0.url(forSerialNumber: serialNumber))
            },
            authority.responderURL.map(AccessDescriptions.encoded(responderURL:)),
        ]
        for source in sources.compactMap(\.self) where takes(source) {
            let later = ExtensionAssembly.order.drop { $0 != source.oid }
            let place = extensions.firstIndex {
                later.contains($0.oid) || !ExtensionAssembly.order.contains($0.oid)
            }
            extensions.insert(source, at: place ?? extensions.endIndex)
        }
        return extensions
    }

    /// Whether the authority's distribution point or responder is added: not beside an extension of the same
    /// type that the request has, and not where the certificate says that there is no revocation information
    /// (RFC 9608, section 4).
    private func takes(_ source: Certificate.Extension) -> Bool {
        !ownExtensions.contains { $0.oid == source.oid || $0.oid == [2, 5, 29, 56] }
    }

    var subjectAlternativeNameExtension: Certificate.Extension? {
        ownExtensions.first { $0.oid == .X509ExtensionID.subjectAlternativeName }
    }

    /// Refuses names that constraints, rules and policies could not compare: invalid strings, control
    /// characters and malformed names.
    private static func check(subject: [UInt8], isOfAPI: Bool) throws(IssuanceError) {
        guard let problem = NameLint.problem(in: subject[...]) else { return }
        throw isOfAPI
            ? .passthroughMalformed("the Subject \(problem)") : .requestMalformed("subject \(problem)")
    }

    private static func checked(
        names entry: Certificate.Extension?, areOfCSR: Bool
    ) throws(IssuanceError) -> [GeneralName] {
        guard let entry else { return [] }
        let names: [GeneralName]
        var problem: String?
        do {
            names = Array(try SubjectAlternativeNames(entry))
            // RFC 5280, section 4.2.1.6: at least one entry.
            problem = names.isEmpty ? "is empty" : NameLint.problem(inNames: names, of: entry)
        } catch {
            names = []
            problem = "does not parse: \(parseReason(error))"
        }
        guard let problem else { return names }
        throw areOfCSR
            ? .requestMalformed("subjectAltName \(problem)")
            : .passthroughMalformed("the subjectAltName \(problem)")
    }

    private static func encode(
        _ attributes: SubjectAttributes
    ) throws(IssuanceError) -> ([UInt8], DistinguishedName) {
        do {
            let name = try attributes.distinguishedName()
            var serializer = DER.Serializer()
            try serializer.serialize(name)
            return (serializer.serializedBytes, name)
        } catch { throw .passthroughMalformed("the Subject cannot be encoded: \(parseReason(error))") }
    }

    private static func members(_ passthrough: APIPassthrough) -> String {
        var members = passthrough.extensions.map { "\($0.oid)" }
        if passthrough.subjectAlternativeNames != nil { members.append("SubjectAlternativeNames") }
        if passthrough.subject != nil { members.append("Subject") }
        return " (\(members.joined(separator: ", ")))"
    }
}

/// Where an extension that the template does not define comes from.
private enum ExtensionSource: String {
    case api = "ApiPassthrough"
    case csr = "CSR"
}

private struct ExtensionAssembly {
    private var list: [Certificate.Extension] = []
    private var definedBy: [ASN1ObjectIdentifier: String] = [:]
    private let withheld: Set<ASN1ObjectIdentifier>
    private(set) var ignored: [String] = []

    init(_ template: CertificateTemplate) {
        withheld = template.content.withheld
    }

    mutating func define(_ entry: Certificate.Extension, by definer: String) throws(IssuanceError) {
        try keepFree(entry.oid, for: definer)
        list.append(entry)
    }

    /// The template alone determines this extension.
    mutating func keepFree(_ oid: ASN1ObjectIdentifier, for definer: String) throws(IssuanceError) {
        guard definedBy.updateValue(definer, forKey: oid) == nil else {
            throw .duplicateExtension(source: definer, oid: oid.dotted)
        }
    }

    /// - Parameter isOpen: whether all extensions are accepted, or only the alternative names
    mutating func take(
        _ entries: [Certificate.Extension], from source: ExtensionSource, isOpen: Bool
    ) throws(IssuanceError) {
        var own: Set<ASN1ObjectIdentifier> = []
        for entry in entries {
            guard own.insert(entry.oid).inserted else {
                throw .duplicateExtension(source: source.rawValue, oid: "\(entry.oid)")
            }
            if let definer = definedBy[entry.oid] {
                ignored.append("\(source.rawValue) \(entry.oid): \(definer) defines it")
            } else if withheld.contains(entry.oid) {
                ignored.append("\(source.rawValue) \(entry.oid): the template has it in no certificate")
            } else if isOpen || entry.oid == .X509ExtensionID.subjectAlternativeName {
                list.append(entry)
            } else {
                ignored.append("\(source.rawValue) \(entry.oid): the template takes none")
            }
        }
        for oid in own where definedBy[oid] == nil { definedBy[oid] = source.rawValue }
    }

    func isOfCSR(_ oid: ASN1ObjectIdentifier) -> Bool { definedBy[oid] == ExtensionSource.csr.rawValue }

    static let order: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.authorityKeyIdentifier,
        .X509ExtensionID.subjectKeyIdentifier, .X509ExtensionID.keyUsage,
        .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.cRLDistributionPoints,
        .X509ExtensionID.authorityInformationAccess, .X509ExtensionID.subjectAlternativeName,
    ]

    /// In the order of the columns of AWS's table, then the alternative names, then the others in their given
    /// order.
    var sorted: [Certificate.Extension] {
        let order = Self.order
        return order.compactMap { oid in list.first { $0.oid == oid } }
            + list.filter { !order.contains($0.oid) }
    }
}

extension APIPassthrough {
    /// RFC 5280, section 4.2.1.6: critical where there is no subject.
    fileprivate func encoded(isSubjectEmpty: Bool) throws -> [Certificate.Extension] {
        guard let names = subjectAlternativeNames else { return extensions }
        return extensions + [
            try Certificate.Extension(SubjectAlternativeNames(names), critical: isSubjectEmpty)
        ]
    }
}

extension CertificateTemplate {
    fileprivate func extensions(for csr: CertificationRequest) throws -> [Certificate.Extension] {
        var list = try ownExtensions.get()
        let own = SubjectKeyIdentifier(keyIdentifier: ArraySlice(csr.keyIdentifier))
        // After basicConstraints.
        list.insert(try Certificate.Extension(own, critical: false), at: 1)
        return list
    }
}
