public import SwiftASN1
public import X509

/// The syntax of authorityInfoAccess and subjectInfoAccess (RFC 5280, section 4.2.2), for any access method.
public struct AccessDescriptions: Sendable {
    public let list: [(method: ASN1ObjectIdentifier, location: GeneralName)]

    /// authorityInfoAccess with one description, of the OCSP responder at this URL.
    /// - Parameter responderURL: ASCII
    public static func encoded(responderURL: String) -> Certificate.Extension {
        // id-ad-ocsp, 1.3.6.1.5.5.7.48.1
        let method: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01]
        // uniformResourceIdentifier [6]
        let location = DERElements.encoded(tag: 0x86, contents: Array(responderURL.utf8))
        let description = DERElements.encoded(tag: IdentifierOctet.sequence, parts: [method, location])
        return Certificate.Extension(
            oid: .X509ExtensionID.authorityInformationAccess, critical: false,
            value: DERElements.encoded(tag: IdentifierOctet.sequence, contents: description)[...])
    }

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
