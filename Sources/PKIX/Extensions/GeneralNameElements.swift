internal import SwiftASN1
public import X509

/// The general names in an extension, as octets. A parsed name may have repaired strings; these have not.
public enum GeneralNameElements {
    /// The context-specific tags of GeneralName (RFC 5280, section 4.2.1.6).
    public static let otherName: UInt8 = 0xA0
    /// X.690, section 8.1.2.5: bit 6 of the identifier.
    static let constructed: UInt8 = 0x20
    public static let x400Address: UInt8 = 0xA3
    public static let directoryName: UInt8 = 0xA4
    public static let ediPartyName: UInt8 = 0xA5
    static let uniformResourceIdentifier: UInt8 = 0x86

    /// A quick test whether the extension can hold a directoryName. One that does contains the tag of
    /// directoryName, of a relative name or of a SET.
    public static func mayHoldDirectoryName(_ value: ArraySlice<UInt8>) -> Bool {
        value.contains { $0 == directoryName || $0 == relativeName || $0 == IdentifierOctet.set }
    }

    /// nameRelativeToCRLIssuer [1] (RFC 5280, section 4.2.1.13)
    private static let relativeName = IdentifierOctet.contextSpecific(1)

    /// Calls `body` with every name in the extension. Malformed structures are skipped, because the rule for
    /// the extension's syntax reports them.
    public static func forEach(in entry: Certificate.Extension, _ body: (DERElements.Element) -> Void) {
        switch entry.oid {
        // GeneralNames
        case .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.issuerAlternativeName:
            for name in contents(entry.value) { body(name) }
        // SEQUENCE OF AccessDescription
        case .X509ExtensionID.authorityInformationAccess, .X509ExtensionID.subjectInformationAccess:
            for description in contents(entry.value) {
                for part in DERElements(description.contents).dropFirst() { body(part) }
            }
        // permittedSubtrees [0] and excludedSubtrees [1]: each a SEQUENCE whose first part is the base
        case .X509ExtensionID.nameConstraints:
            for subtrees in contents(entry.value) {
                for subtree in DERElements(subtrees.contents) {
                    for base in DERElements(subtree.contents).prefix(1) { body(base) }
                }
            }
        // authorityCertIssuer [1]
        case .X509ExtensionID.authorityKeyIdentifier:
            for part in contents(entry.value) where part.tag == 0xA1 {
                for name in DERElements(part.contents) { body(name) }
            }
        case .X509ExtensionID.cRLDistributionPoints, .X509ExtensionID.freshestCRL:
            for point in contents(entry.value) { forEach(inPointOf: DERElements(point.contents), body) }
        default: others[entry.oid]?(contents(entry.value), body)
        }
    }

    /// RFC 5280, section 4.2.1.13: distributionPoint [0] with fullName [0] or nameRelativeToCRLIssuer [1],
    /// and cRLIssuer [2].
    static func forEach(inPointOf fields: DERElements, _ body: (DERElements.Element) -> Void) {
        for part in fields {
            switch DERTag(rawValue: part.tag) {
            case .constructedContext(0):
                for choice in DERElements(part.contents) {
                    switch DERTag(rawValue: choice.tag) {
                    case .constructedContext(0): for name in DERElements(choice.contents) { body(name) }
                    case .constructedContext(1): visit(relativeName: Array(choice.contents), body)
                    default: break
                    }
                }
            case .constructedContext(2):
                for name in DERElements(part.contents) { body(name) }
            default: break
            }
        }
    }

    private static func contents(_ value: ArraySlice<UInt8>) -> DERElements {
        var top = DERElements(value)
        guard let list = top.next(), list.tag == 0x30 else { return DERElements([]) }
        return DERElements(list.contents)
    }
}
