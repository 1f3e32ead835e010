internal import Identifiers
internal import SwiftASN1

/// The parts of a CertificationRequest (RFC 2986, section 4) as octets. The full parser reads the request
/// afterwards.
struct CertificationRequestParts {
    /// DER of the CertificationRequestInfo.
    let info: ArraySlice<UInt8>
    let subject: DERElements.Element
    let subjectPublicKeyInfo: DERElements.Element
    /// `[0] IMPLICIT SET OF Attribute`
    let attributes: DERElements.Element
    let signatureAlgorithm: DERElements.Element
    /// The octets of the BIT STRING.
    let signature: ArraySlice<UInt8>

    init(_ der: [UInt8]) throws(CertificationRequestError) {
        func fault() -> CertificationRequestError {
            .notDER(
                DERDiagnosis(der, as: .certificationRequest)?.description
                    ?? "it is not a CertificationRequest (RFC 2986, section 4)")
        }
        var top = DERElements(der[...])
        guard let request = top.next(), request.tag == IdentifierOctet.sequence else { throw fault() }
        var parts = DERElements(request.contents)
        guard let info = parts.next(), info.tag == IdentifierOctet.sequence, let algorithm = parts.next(),
            algorithm.tag == IdentifierOctet.sequence, let signature = parts.next(),
            signature.tag == IdentifierOctet.bitString, signature.contents.first == 0
        else { throw fault() }
        var fields = DERElements(info.contents)
        guard let version = fields.next(), version.tag == IdentifierOctet.integer,
            let subject = fields.next(),
            let key = fields.next(), let attributes = fields.next(),
            attributes.tag == IdentifierOctet.contextSpecific(0)
        else { throw fault() }
        guard signature.contents.count > 1 else {
            throw .notDER(
                "its signature has no octet; sign the request with the private key of its public key")
        }
        // RFC 2986, section 4.1: v1(0).
        guard version.contents.elementsEqual([0]) else {
            throw .notDER("its version is \(Self.text(version.contents)) and not 0 (RFC 2986, section 4.1)")
        }
        // OpenSSL would read the request, and other tools could not read the certificate.
        guard DERLeaves.hasReadableObjectIdentifiers(request.encoded) else { throw fault() }
        self.info = info.encoded
        self.subject = subject
        subjectPublicKeyInfo = key
        self.attributes = attributes
        signatureAlgorithm = algorithm
        self.signature = signature.contents.dropFirst()
    }

    /// The same request with the AlgorithmIdentifier of PKCS #1 v1.5.
    var withoutPSS: [UInt8] {
        SignedObject.assemble(tbs: Array(info), algorithm: .sha256WithRSA, signature: Array(signature))
    }

    private static func text(_ integer: ArraySlice<UInt8>) -> String {
        integer.count == 1 && integer.first ?? 0 < 0x80
            ? "\(integer.first ?? 0)" : "0x\(hexadecimal(integer.prefix(8)))"
    }
}
