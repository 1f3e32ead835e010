/// The string types and lengths that the standards give to the attributes of names (RFC 5280, appendix A.1;
/// X.520, annex C).
public struct AttributeSyntax: Sendable, Hashable {
    public enum Strings: Sendable, Hashable {
        /// X.520, section 6.2: a choice; new names use UTF8String or PrintableString (RFC 5280, section
        /// 4.1.2.4).
        case directoryString
        /// PKCS #9 (RFC 2985, section 5.4.1): DirectoryString or IA5String.
        case pkcs9String
        case only(CharacterString)
        /// An attribute of another standard: any string type that names can hold.
        case any
    }

    public let strings: Strings
    /// The maximum in characters; nil for no limit.
    public let upperBound: Int?
    /// Whether the value is a country code of two letters (ISO 3166).
    public let isCountry: Bool

    private init(_ strings: Strings, _ upperBound: Int? = nil, isCountry: Bool = false) {
        self.strings = strings
        self.upperBound = upperBound
        self.isCountry = isCountry
    }

    /// - Parameter type: the contents octets of the attribute's object identifier
    public init(of type: ArraySlice<UInt8>) {
        // id-at: 2.5.4
        if type.count == 3, type.starts(with: [0x55, 0x04]), let last = type.last {
            self = Self.x520(last)
        } else {
            self = Self.others.first { type.elementsEqual($0.type) }?.syntax ?? Self(.any)
        }
    }

    /// ub-name (RFC 5280, appendix A.1).
    private static let longestName = 32_768

    private static func x520(_ number: UInt8) -> AttributeSyntax {
        switch number {
        // commonName, organizationName, organizationalUnitName, title
        case 3, 10, 11, 12: Self(.directoryString, 64)
        // surname, name, givenName, initials, generationQualifier, houseIdentifier
        case 4, 41, 42, 43, 44, 51: Self(.directoryString, longestName)
        // serialNumber
        case 5: Self(.only(.printableString), 64)
        // countryName
        case 6: Self(.only(.printableString), 2, isCountry: true)
        // localityName, stateOrProvinceName, streetAddress, businessCategory, physicalDeliveryOfficeName,
        // pseudonym
        case 7, 8, 9, 15, 19, 65: Self(.directoryString, 128)
        // description
        case 13: Self(.directoryString, 1024)
        // postalCode, postOfficeBox
        case 17, 18: Self(.directoryString, 40)
        // telephoneNumber
        case 20: Self(.only(.printableString), 32)
        // x121Address, internationalISDNNumber
        case 24: Self(.only(.numericString), 15)
        case 25: Self(.only(.numericString), 16)
        // destinationIndicator
        case 27: Self(.only(.printableString), 128)
        // dnQualifier
        case 46: Self(.only(.printableString))
        // organizationIdentifier
        case 97: Self(.directoryString)
        default: Self(.any)
        }
    }

    private static let others: [(type: [UInt8], syntax: AttributeSyntax)] = [
        // domainComponent, userId: 0.9.2342.19200300.100.1.25 and .1 (RFC 4519, sections 2.4 and 2.39; RFC
        // 1274, 9.3.1)
        ([0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19], Self(.only(.ia5String))),
        ([0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01], Self(.directoryString, 256)),
        // emailAddress, unstructuredName, unstructuredAddress: 1.2.840.113549.1.9.1, .2 and .8 (RFC 2985,
        // section 5)
        ([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01], Self(.only(.ia5String), 255)),
        ([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x02], Self(.pkcs9String, 255)),
        ([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x08], Self(.directoryString, 255)),
        // jurisdictionLocalityName, …StateOrProvinceName, …CountryName: 1.3.6.1.4.1.311.60.2.1.1 to .3 (EV
        // Guidelines, 7.1.4.2)
        ([0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x01], Self(.directoryString, 128)),
        ([0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x02], Self(.directoryString, 128)),
        (
            [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x03],
            Self(.only(.printableString), 2, isCountry: true)
        ),
    ]
}
