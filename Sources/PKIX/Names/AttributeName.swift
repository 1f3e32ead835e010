public import SwiftASN1

/// Short names for the attributes of distinguished names.
public enum AttributeName {
    /// Short names (RFC 4514, section 3, and common use), in the order of the API's members.
    public static let known: [(name: String, type: ASN1ObjectIdentifier)] = [
        ("C", [2, 5, 4, 6]), ("O", [2, 5, 4, 10]), ("OU", [2, 5, 4, 11]), ("dnQualifier", [2, 5, 4, 46]),
        ("ST", [2, 5, 4, 8]), ("CN", [2, 5, 4, 3]), ("serialNumber", [2, 5, 4, 5]), ("L", [2, 5, 4, 7]),
        ("title", [2, 5, 4, 12]), ("SN", [2, 5, 4, 4]), ("GN", [2, 5, 4, 42]), ("initials", [2, 5, 4, 43]),
        ("pseudonym", [2, 5, 4, 65]), ("generationQualifier", [2, 5, 4, 44]),
        ("DC", [0, 9, 2342, 19_200_300, 100, 1, 25]), ("UID", [0, 9, 2342, 19_200_300, 100, 1, 1]),
        ("emailAddress", [1, 2, 840, 113_549, 1, 9, 1]),
    ]

    /// The short name, or the dotted decimal of an attribute without one.
    public static func name(_ type: ASN1ObjectIdentifier) -> String {
        known.first { $0.type == type }?.name ?? type.dotted
    }

    /// The attribute with this short name, in any case, or with this dotted decimal; nil for neither.
    public static func type(_ name: String) -> ASN1ObjectIdentifier? {
        known.first { $0.name.lowercased() == name.lowercased() }?.type
            ?? ASN1ObjectIdentifier(dotted: name)
    }
}
