/// A name in exactly one of its forms (API reference, `GeneralName`).
public struct GeneralNameShape: Sendable, Hashable, Codable {
    public var otherName: OtherName?
    public var rfc822Name: String?
    public var dnsName: String?
    public var directoryName: ASN1Subject?
    public var ediPartyName: EdiPartyName?
    public var uniformResourceIdentifier: String?
    public var ipAddress: String?
    public var registeredId: String?

    public struct OtherName: Sendable, Hashable, Codable {
        public var typeId: String
        public var value: String
    }

    public struct EdiPartyName: Sendable, Hashable, Codable {
        public var partyName: String
        public var nameAssigner: String?
    }

    public init() {}

    public init(dnsName: String) { self.dnsName = dnsName }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.objectIdentifier(otherName?.typeId, "\(path).otherName.typeId")
        constraints.length(otherName?.value, "\(path).otherName.value", 0...256)
        constraints.length(rfc822Name, "\(path).rfc822Name", 0...256)
        constraints.length(dnsName, "\(path).dnsName", 0...253)
        directoryName?.check(&constraints, at: "\(path).directoryName")
        constraints.length(ediPartyName?.partyName, "\(path).ediPartyName.partyName", 0...256)
        constraints.length(ediPartyName?.nameAssigner, "\(path).ediPartyName.nameAssigner", 0...256)
        constraints.length(uniformResourceIdentifier, "\(path).uniformResourceIdentifier", 0...253)
        constraints.length(ipAddress, "\(path).ipAddress", 0...39)
        constraints.objectIdentifier(registeredId, "\(path).registeredId")
    }
}

/// The extensions in the CSR of a certificate authority (API reference, `CsrExtensions`).
public struct CsrExtensions: Sendable, Hashable, Codable {
    public var keyUsage: KeyUsageShape?
    public var subjectInformationAccess: [AccessDescription]?

    public init(keyUsage: KeyUsageShape? = nil, subjectInformationAccess: [AccessDescription]? = nil) {
        self.keyUsage = keyUsage
        self.subjectInformationAccess = subjectInformationAccess
    }

    /// API reference, `AccessDescription`.
    public struct AccessDescription: Sendable, Hashable, Codable {
        public var accessMethod: AccessMethod
        public var accessLocation: GeneralNameShape

        public init(accessMethod: AccessMethod, accessLocation: GeneralNameShape) {
            self.accessMethod = accessMethod
            self.accessLocation = accessLocation
        }
    }

    /// API reference, `AccessMethod`: a type or an object identifier.
    public struct AccessMethod: Sendable, Hashable, Codable {
        public var customObjectIdentifier: String?
        public var accessMethodType: String?

        public init(type: String? = nil, objectIdentifier: String? = nil) {
            accessMethodType = type
            customObjectIdentifier = objectIdentifier
        }
    }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.each(subjectInformationAccess, "\(path).subjectInformationAccess", 0...1000) {
            constraints, entry, path in
            constraints.objectIdentifier(
                entry.accessMethod.customObjectIdentifier, "\(path).accessMethod.customObjectIdentifier")
            constraints.oneOf(
                entry.accessMethod.accessMethodType, "\(path).accessMethod.accessMethodType",
                ["CA_REPOSITORY", "RESOURCE_PKI_MANIFEST", "RESOURCE_PKI_NOTIFY"])
            entry.accessLocation.check(&constraints, at: "\(path).accessLocation")
        }
    }
}
