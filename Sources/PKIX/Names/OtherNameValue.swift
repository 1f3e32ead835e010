public import SwiftASN1

/// The syntax of well-known otherName values.
public enum OtherNameValue {
    private typealias Check = @Sendable (inout DERReader) throws(SyntaxFault) -> Void

    /// By type.
    private static let syntaxes: [ASN1ObjectIdentifier: Check] = [
        // HardwareModuleName (RFC 4108, section 5)
        [1, 3, 6, 1, 5, 5, 7, 8, 4]: { reader throws(SyntaxFault) in
            try reader.sequence("HardwareModuleName") { parts throws(SyntaxFault) in
                _ = try parts.objectIdentifier("hwType")
                _ = try parts.next(.octetString, "hwSerialNum")
            }
        },
        // PermanentIdentifier (RFC 4043, section 2)
        [1, 3, 6, 1, 5, 5, 7, 8, 3]: { reader throws(SyntaxFault) in
            try reader.sequence("PermanentIdentifier") { parts throws(SyntaxFault) in
                if parts.nextTag == .utf8String { try parts.string(.utf8String, "identifierValue") }
                if !parts.isAtEnd { _ = try parts.objectIdentifier("assigner") }
            }
        },
        // KRB5PrincipalName (RFC 4556, section 3.2.2), with the types of RFC 4120, section 5.2
        [1, 3, 6, 1, 5, 2, 2]: { reader throws(SyntaxFault) in
            try reader.sequence("KRB5PrincipalName") { parts throws(SyntaxFault) in
                try parts.tagged(0, "realm") { realm throws(SyntaxFault) in
                    try realm.string(.generalString, "Realm")
                }
                try parts.tagged(1, "principalName") { name throws(SyntaxFault) in
                    try name.sequence("PrincipalName", checkPrincipalName)
                }
            }
        },
    ]

    /// `PrincipalName ::= SEQUENCE { name-type [0] Int32, name-string [1] SEQUENCE OF KerberosString }`
    @Sendable
    private static func checkPrincipalName(_ parts: inout DERReader) throws(SyntaxFault) {
        try parts.tagged(0, "name-type") { type throws(SyntaxFault) in _ = try type.next(.integer, "Int32") }
        try parts.tagged(1, "name-string") { strings throws(SyntaxFault) in
            try strings.sequence("strings") { list throws(SyntaxFault) in
                // RFC 4120, section 6.2: a name has at least one component.
                if list.isAtEnd { throw SyntaxFault(place: list.place, problem: "is empty") }
                while !list.isAtEnd { try list.string(.generalString, "KerberosString") }
            }
        }
    }

    /// Throws when the DER of a value does not have the syntax of its type.
    public static func check(_ der: ArraySlice<UInt8>, of type: ASN1ObjectIdentifier) throws(SyntaxFault) {
        guard let syntax = syntaxes[type] else { return }
        var reader = DERReader(DERElements.Element(tag: 0, encoded: der, contents: der), "")
        try syntax(&reader)
        try reader.end()
    }
}
