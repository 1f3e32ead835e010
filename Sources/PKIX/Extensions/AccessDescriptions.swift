public import SwiftASN1
public import X509

/// The syntax of authorityInfoAccess and subjectInfoAccess (RFC 5280, section 4.2.2), for any access method.
public struct AccessDescriptions: Sendable {
    public let list: [(method: ASN1ObjectIdentifier, location: GeneralName)]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        var list: [(method: ASN1ObjectIdentifier, location: GeneralName)] = []
        try reader.forEach(.sequence, "description") { parts throws(SyntaxFault) in
            list.append(
                (
                    method: try parts.objectIdentifier("accessMethod"),
                    location: try parts.generalName("accessLocation")
                ))
        }
        self.list = list
    }
}
