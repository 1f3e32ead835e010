internal import SwiftASN1
public import X509

extension SubjectAttributes {
    /// The parts of a name. Repeated attributes, and attributes without a member in the API, become custom
    /// ones.
    public init(_ name: DistinguishedName) {
        self.init()
        for attribute in name.flatMap({ Array($0) }) {
            let value = attribute.value.textOrHexadecimal
            if let member = Self.member(of: attribute.type), self[keyPath: member] == nil {
                self[keyPath: member] = value
            } else {
                customAttributes =
                    (customAttributes ?? []) + [
                        CustomAttribute(objectIdentifier: attribute.type.dotted, value: value)
                    ]
            }
        }
    }

    private static func member(of type: ASN1ObjectIdentifier) -> WritableKeyPath<SubjectAttributes, String?>?
    {
        switch type {
        case [2, 5, 4, 6]: \.country
        case [2, 5, 4, 10]: \.organization
        case [2, 5, 4, 11]: \.organizationalUnit
        case [2, 5, 4, 46]: \.distinguishedNameQualifier
        case [2, 5, 4, 8]: \.state
        case [2, 5, 4, 3]: \.commonName
        case [2, 5, 4, 5]: \.serialNumber
        case [2, 5, 4, 7]: \.locality
        case [2, 5, 4, 12]: \.title
        case [2, 5, 4, 4]: \.surname
        case [2, 5, 4, 42]: \.givenName
        case [2, 5, 4, 43]: \.initials
        case [2, 5, 4, 65]: \.pseudonym
        case [2, 5, 4, 44]: \.generationQualifier
        default: nil
        }
    }
}
