internal import PKIX
internal import RecordKeeping
internal import SwiftASN1
internal import WireAPI
internal import X509

extension GeneralNameShape {
    /// - Throws: `InvalidArgsException` when it has no form, more than one, or its form cannot be encoded
    func generalName(_ member: String) throws -> GeneralName {
        let forms = [
            otherName != nil, rfc822Name != nil, dnsName != nil, directoryName != nil, ediPartyName != nil,
            uniformResourceIdentifier != nil, ipAddress != nil, registeredId != nil,
        ]
        guard forms.filter({ $0 }).count == 1 else {
            throw invalid(member, "a GeneralName has exactly one of its members")
        }
        if let dnsName { return .dnsName(try ascii(dnsName, member)) }
        if let rfc822Name { return .rfc822Name(try ascii(rfc822Name, member)) }
        if let uniformResourceIdentifier {
            return .uniformResourceIdentifier(try ascii(uniformResourceIdentifier, member))
        }
        if let ipAddress {
            guard let octets = IPAddress.octets(ipAddress) else {
                throw invalid(member, "`\(ipAddress)` is not an IP address")
            }
            return .ipAddress(ASN1OctetString(contentBytes: octets[...]))
        }
        if let directoryName { return .directoryName(try directoryName.name(member)) }
        if let registeredId { return .registeredID(try parseOID(registeredId, member)) }
        if let otherName {
            let type = try parseOID(otherName.typeId, member)
            do { return try .otherName(type, text: otherName.value) } catch {
                throw invalid(member, "the value of an otherName of type \(type) must be ASCII")
            }
        }
        return try .ediPartyName(
            ediPartyName?.partyName ?? "", nameAssigner: ediPartyName?.nameAssigner)
    }

    /// For display only: a form of name without a member in the API stays empty.
    init(_ name: GeneralName) {
        self.init()
        switch name {
        case .dnsName(let text): dnsName = text
        case .rfc822Name(let text): rfc822Name = text
        case .uniformResourceIdentifier(let text): uniformResourceIdentifier = text
        case .ipAddress(let octets): ipAddress = IPAddress.text(octets.bytes)
        case .directoryName(let name): directoryName = ASN1Subject(SubjectAttributes(name))
        case .registeredID(let oid): registeredId = oid.dotted
        case .otherName, .x400Address, .ediPartyName: break
        }
    }
}

extension ASN1Subject {
    func name(_ member: String) throws -> DistinguishedName {
        do { return try checked().distinguishedName() } catch let error as CAError { throw error } catch {
            throw invalid(member, "the name cannot be encoded: \(parseReason(error))")
        }
    }
}

extension CsrExtensions {
    /// The extensions for a CSR: keyUsage critical, subjectInfoAccess not critical.
    func makeExtensions() throws -> [Certificate.Extension] {
        var list: [Certificate.Extension] = []
        if let keyUsage { list.append(try Certificate.Extension(keyUsage.keyUsage, critical: true)) }
        if let descriptions = subjectInformationAccess, !descriptions.isEmpty {
            let access = SubjectInformationAccess(
                try descriptions.enumerated().map { index, entry in
                    let member = "CsrExtensions.SubjectInformationAccess[\(index)]"
                    return SubjectInformationAccess.AccessDescription(
                        method: try entry.accessMethod.objectIdentifier(member),
                        location: try entry.accessLocation.generalName(member))
                })
            list.append(try access.makeExtension())
        }
        return list
    }

    /// The extensions in an authority's own CSR; nil if none of them has a member in the API.
    init?(ofVerified der: [UInt8]) {
        guard let request = try? CertificateSigningRequest(derEncoded: der),
            let extensions = try? request.attributes.extensionRequest?.extensions
        else { return nil }
        let usage = try? extensions.keyUsage
        let access = extensions[oid: .X509ExtensionID.subjectInformationAccess].flatMap {
            try? SubjectInformationAccess($0)
        }
        guard usage != nil || access != nil else { return nil }
        self.init(
            keyUsage: usage.map(KeyUsageShape.init),
            subjectInformationAccess: access?.descriptions.map { entry in
                AccessDescription(
                    accessMethod: AccessMethod(entry.method),
                    accessLocation: GeneralNameShape(entry.location))
            })
    }
}

extension CsrExtensions.AccessMethod {
    private static let types: [(name: String, oid: ASN1ObjectIdentifier)] = [
        ("CA_REPOSITORY", SubjectInformationAccess.caRepository),
        ("RESOURCE_PKI_MANIFEST", SubjectInformationAccess.resourcePKIManifest),
        ("RESOURCE_PKI_NOTIFY", SubjectInformationAccess.resourcePKINotify),
    ]

    fileprivate func objectIdentifier(_ member: String) throws -> ASN1ObjectIdentifier {
        switch (accessMethodType, customObjectIdentifier) {
        case (let type?, nil):
            guard let entry = Self.types.first(where: { $0.name == type }) else {
                throw invalid(member, "the access method `\(type)` does not exist")
            }
            return entry.oid
        case (nil, let text?): return try parseOID(text, member)
        default: throw invalid(member, "give either AccessMethodType or CustomObjectIdentifier")
        }
    }

    fileprivate init(_ oid: ASN1ObjectIdentifier) {
        let known = Self.types.first { $0.oid == oid }
        self.init(type: known?.name, objectIdentifier: known == nil ? oid.dotted : nil)
    }
}
