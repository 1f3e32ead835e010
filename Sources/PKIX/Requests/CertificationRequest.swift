internal import Crypto
internal import SwiftASN1
public import X509
internal import _CryptoExtras

/// Why a certification request is not one that can be signed.
public enum CertificationRequestError: Error, Sendable, Hashable, CustomStringConvertible {
    case notPEM
    case notDER(String)
    case unsupportedKey(String)
    case weakKey(String)
    case unsupportedSignatureAlgorithm
    case invalidSignature

    public var description: String {
        switch self {
        case .notPEM:
            "the CSR is not one PEM block labelled CERTIFICATE REQUEST"
        case .notDER(let reason):
            "the CSR does not parse: \(reason)"
        case .unsupportedKey(let kind):
            "the CSR's public key is not supported: \(kind); use RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519"
        case .weakKey(let reason):
            "the CSR's public key is weak: \(reason)"
        case .unsupportedSignatureAlgorithm:
            "the CSR's signature algorithm is not supported"
        case .invalidSignature:
            "the CSR's signature does not verify with the public key in it"
        }
    }
}

/// A PKCS #10 certification request (RFC 2986) whose signature proved possession of its private key.
public struct CertificationRequest: Sendable {
    /// DER of the subject's Name, as the requester wrote it.
    public let subject: [UInt8]
    /// The subject's Name, parsed.
    public let subjectName: DistinguishedName
    /// DER of the SubjectPublicKeyInfo, as the requester wrote it.
    public let subjectPublicKeyInfo: [UInt8]
    public let publicKey: Certificate.PublicKey
    /// RFC 5280, section 4.2.1.2 (1): SHA-1 of the key's bits.
    public let keyIdentifier: [UInt8]
    /// What the extensionRequest attribute asks for, in its order.
    public let extensions: Certificate.Extensions

    /// Parses one PEM block and verifies it: the key first, so that a weak key is called weak, then the
    /// signature.
    /// - Parameter known: keys that are refused because everybody can have them
    public init(pem: [UInt8], known: KnownWeakKeys = .none) throws(CertificationRequestError) {
        guard let blocks = PEM.decode(pem, labels: ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]),
            blocks.count == 1
        else { throw .notPEM }
        try self.init(der: blocks[0], known: known)
    }

    /// Parses and verifies DER.
    public init(der: [UInt8], known: KnownWeakKeys = .none) throws(CertificationRequestError) {
        let info: Info
        do { info = try Info(der: der) } catch { throw .notDER(parseReason(error)) }
        try Self.checkKey(info, known)
        let request: CertificateSigningRequest
        do {
            request = try CertificateSigningRequest(derEncoded: der)
            extensions = try request.attributes.extensionRequest?.extensions ?? Certificate.Extensions()
        } catch let error as CertificateError where error.code == .unsupportedSignatureAlgorithm {
            throw .unsupportedSignatureAlgorithm
        } catch {
            // The key is parsed with the rest; what is wrong with it is said as such.
            do { _ = try Certificate.PublicKey(derEncoded: info.subjectPublicKeyInfo) } catch {
                throw .unsupportedKey(parseReason(error))
            }
            throw .notDER(parseReason(error))
        }
        publicKey = request.publicKey
        guard publicKey.isValidSignature(request.signature, for: request) else { throw .invalidSignature }
        subject = info.subject
        subjectName = request.subject
        subjectPublicKeyInfo = info.subjectPublicKeyInfo
        keyIdentifier = KeyIdentifier.sha1(ofKeyBits: info.keyBits)
    }

    /// DER of the subject's Name in a request that was verified when it was stored.
    public static func subject(ofVerified der: [UInt8]) throws(CertificationRequestError) -> [UInt8] {
        do { return try Info(der: der).subject } catch { throw .notDER(parseReason(error)) }
    }

    private static func checkKey(_ info: Info, _ known: KnownWeakKeys) throws(CertificationRequestError) {
        switch info.algorithm {
        case .rsaEncryption: try RSAPublicKeyCheck.check(info.keyBits, known: known)
        case .ecPublicKey, .ed25519: break
        case .mlDSA44, .mlDSA65, .mlDSA87:
            throw .unsupportedKey("ML-DSA (FIPS 204), which is refused until the tokens can sign with it")
        default: throw .unsupportedKey("algorithm \(info.algorithm)")
        }
    }

    /// The parts of CertificationRequestInfo whose bytes are kept. The parser of requests reads the whole afterwards.
    private struct Info {
        let subject: [UInt8]
        let subjectPublicKeyInfo: [UInt8]
        let algorithm: ASN1ObjectIdentifier
        let keyBits: [UInt8]

        init(der: [UInt8]) throws {
            var top = DERElements(der[...])
            guard let request = top.next(), request.tag == 0x30 else { throw Self.malformed }
            var parts = DERElements(request.contents)
            guard let info = parts.next(), info.tag == 0x30 else { throw Self.malformed }
            var fields = DERElements(info.contents)
            guard fields.next()?.tag == 0x02, let subject = fields.next(), let key = fields.next() else {
                throw Self.malformed
            }
            self.subject = Array(subject.encoded)
            subjectPublicKeyInfo = Array(key.encoded)
            var halves = DERElements(key.contents)
            guard key.tag == 0x30, let identifier = halves.next(), identifier.tag == 0x30,
                let algorithm = DERElements(identifier.contents).first(where: { _ in true }),
                // BIT STRING, whose first octet is the number of unused bits
                let bits = halves.next(), bits.tag == 0x03, bits.contents.first == 0, halves.next() == nil
            else { throw Self.malformed }
            self.algorithm = try ASN1ObjectIdentifier(derEncoded: algorithm.encoded)
            keyBits = Array(bits.contents.dropFirst())
        }

        private static let malformed = ASN1Error.invalidASN1Object(
            reason: "not a CertificationRequest (RFC 2986)", file: "", line: 0)
    }
}

extension ASN1ObjectIdentifier {
    /// RFC 3279, section 2.3.1
    fileprivate static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
    /// RFC 5480, section 2.1.1
    fileprivate static let ecPublicKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
    /// RFC 8410, section 3
    fileprivate static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
    /// RFC 9881, section 2
    fileprivate static let mlDSA44: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 17]
    fileprivate static let mlDSA65: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 18]
    fileprivate static let mlDSA87: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 19]
}
