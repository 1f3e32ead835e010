/// A distinguished name (API reference, `ASN1Subject`).
public struct ASN1Subject: Sendable, Hashable, Codable {
    public var country: String?
    public var organization: String?
    public var organizationalUnit: String?
    public var distinguishedNameQualifier: String?
    public var state: String?
    public var commonName: String?
    public var serialNumber: String?
    public var locality: String?
    public var title: String?
    public var surname: String?
    public var givenName: String?
    public var initials: String?
    public var pseudonym: String?
    public var generationQualifier: String?
    public var customAttributes: [CustomAttribute]?

    public struct CustomAttribute: Sendable, Hashable, Codable {
        public var objectIdentifier: String
        public var value: String

        public init(objectIdentifier: String, value: String) {
            self.objectIdentifier = objectIdentifier
            self.value = value
        }
    }

    public init() {}

    /// Whether it has both standard and custom attributes, which the API does not allow.
    public var mixesCustomAttributes: Bool {
        customAttributes != nil && standard.contains { $0.value != nil }
    }

    private var standard: [(member: String, value: String?, limit: Int)] {
        [
            ("organization", organization, 64), ("organizationalUnit", organizationalUnit, 64),
            ("distinguishedNameQualifier", distinguishedNameQualifier, 64), ("state", state, 128),
            ("commonName", commonName, 64), ("serialNumber", serialNumber, 64), ("locality", locality, 128),
            ("title", title, 64), ("surname", surname, 40), ("givenName", givenName, 16),
            ("initials", initials, 5), ("pseudonym", pseudonym, 128),
            ("generationQualifier", generationQualifier, 3), ("country", country, 2),
        ]
    }

    func check(_ constraints: inout Constraints, at path: String) {
        for entry in standard {
            constraints.length(
                entry.value, "\(path).\(entry.member)", (entry.member == "country" ? 2 : 0)...entry.limit)
        }
        constraints.matches(country, "\(path).country", /[A-Za-z]{2}/, "[A-Za-z]{2}")
        for (member, value) in [
            ("distinguishedNameQualifier", distinguishedNameQualifier), ("serialNumber", serialNumber),
        ] {
            constraints.matches(
                value, "\(path).\(member)", /[a-zA-Z0-9'()+,\-.?:\/= ]*/, "[a-zA-Z0-9'()+-.?:/= ]*")
        }
        constraints.count(customAttributes?.count, "\(path).customAttributes", 1...150)
        for (index, attribute) in (customAttributes ?? []).prefix(150).enumerated() {
            let member = "\(path).customAttributes.\(index + 1).member"
            constraints.objectIdentifier(attribute.objectIdentifier, "\(member).objectIdentifier")
            constraints.length(attribute.value, "\(member).value", 1...256)
        }
    }
}
