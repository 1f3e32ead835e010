internal import PKIX
internal import SwiftASN1
internal import VisibleText

/// Wraps a TBSCertificate (RFC 5280, section 4.1.2) as a certificate that parsers can read, with its own
/// algorithm and an invalid signature.
enum UnsignedCertificate {
    static func wrap(_ tbs: [UInt8]) throws -> [UInt8] {
        var top = DERElements(tbs[...])
        guard let sequence = top.next(), sequence.tag == 0x30, top.next() == nil else { throw malformed }
        var fields = DERElements(sequence.contents)
        // Version, serial number, signature.
        guard fields.next()?.tag == 0xA0, fields.next()?.tag == 0x02, let algorithm = fields.next() else {
            throw malformed
        }
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            coder.serializeRawBytes(tbs)
            coder.serializeRawBytes(Array(algorithm.encoded))
            // An ECDSA-Sig-Value of 1 and 1, which is as good as any other for RSA.
            try coder.serialize(ASN1BitString(bytes: [0x30, 6, 2, 1, 1, 2, 1, 1]))
        }
        return serializer.serializedBytes
    }

    private static let malformed = CommandFailure(
        message: "the request's content is not a TBSCertificate", hint: nil)
}
