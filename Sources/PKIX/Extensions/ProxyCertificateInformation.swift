internal import SwiftASN1

/// proxyCertInfo (RFC 3820, section 3.8).
public enum ProxyCertificateInformation {
    /// id-ppl-inheritAll and id-ppl-independent (RFC 3820, section 3.8.2)
    private static let withoutPolicy: Set<ASN1ObjectIdentifier> = [
        [1, 3, 6, 1, 5, 5, 7, 21, 1], [1, 3, 6, 1, 5, 5, 7, 21, 2],
    ]

    /// Throws when the value of the extension is not a ProxyCertInfo.
    public static func check(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        // RFC 3820, section 3.8.1: pCPathLenConstraint INTEGER (0..MAX) OPTIONAL
        if let length = try reader.optional(.integer, "pCPathLenConstraint") {
            _ = try DERReader.nonNegativeInteger(length.contents, "pCPathLenConstraint")
        }
        try reader.sequence("proxyPolicy") { policy throws(SyntaxFault) in
            let language = try policy.objectIdentifier("policyLanguage")
            // RFC 3820, section 3.8.2: these two languages have no policy field.
            if try policy.optional(.octetString, "policy") != nil, withoutPolicy.contains(language) {
                throw SyntaxFault(
                    place: policy.within("policy"), problem: "stands where \(language) has none")
            }
        }
        try reader.end()
    }
}
