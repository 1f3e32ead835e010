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
        publicKey = try Self.publicKey(info, known)
        let request: CertificateSigningRequest
        do {
            request = try CertificateSigningRequest(derEncoded: der)
            extensions = try request.attributes.extensionRequest?.extensions ?? Certificate.Extensions()
        } catch let error as CertificateError where error.code == .unsupportedSignatureAlgorithm {
            throw .unsupportedSignatureAlgorithm
        } catch {
            throw .notDER(parseReason(error))
        }
        guard publicKey.isValidSignature(request.signature, for: request) else { throw .invalidSignature }
        subject = info.subject
        subjectName = request.subject
        subjectPublicKeyInfo = info.subjectPublicKeyInfo
    }

    /// DER of the subject's Name in a request that was verified when it was stored.
    public static func subject(ofVerified der: [UInt8]) throws(CertificationRequestError) -> [UInt8] {
        do { return try Info(der: der).subject } catch { throw .notDER(parseReason(error)) }
    }

    private static func publicKey(
        _ info: Info, _ known: KnownWeakKeys
    ) throws(CertificationRequestError) -> Certificate.PublicKey {
        switch info.algorithm {
        case .rsaEncryption: try RSAPublicKeyCheck.check(info.keyBits, known: known)
        case .ecPublicKey, .ed25519: break
        case .mlDSA44, .mlDSA65, .mlDSA87:
            throw .unsupportedKey("ML-DSA (FIPS 204), which is refused until the tokens can sign with it")
        default: throw .unsupportedKey("algorithm \(info.algorithm)")
        }
        do { return try Certificate.PublicKey(derEncoded: info.subjectPublicKeyInfo) } catch {
            throw .unsupportedKey(parseReason(error))
        }
    }

    /// The parts of CertificationRequestInfo whose bytes are kept.
    private struct Info {
        let subject: [UInt8]
        let subjectPublicKeyInfo: [UInt8]
        let algorithm: ASN1ObjectIdentifier
        let keyBits: [UInt8]

        init(der: [UInt8]) throws {
            self = try DER.sequence(DER.parse(der), identifier: .sequence) { request in
                guard let info = request.next() else { throw Self.malformed }
                _ = request.next()
                _ = request.next()
                return try DER.sequence(info, identifier: .sequence) { nodes in
                    _ = try Int(derEncoded: &nodes)
                    guard let subject = nodes.next(), let key = nodes.next() else { throw Self.malformed }
                    while nodes.next() != nil {}
                    return try Info(subject: subject, key: key)
                }
            }
        }

        private init(subject: ASN1Node, key: ASN1Node) throws {
            self.subject = Array(subject.encodedBytes)
            subjectPublicKeyInfo = Array(key.encodedBytes)
            (algorithm, keyBits) = try DER.sequence(key, identifier: .sequence) { nodes in
                guard let identifier = nodes.next() else { throw Self.malformed }
                let algorithm = try DER.sequence(identifier, identifier: .sequence) { parts in
                    let oid = try ASN1ObjectIdentifier(derEncoded: &parts)
                    while parts.next() != nil {}
                    return oid
                }
                return (algorithm, Array(try ASN1BitString(derEncoded: &nodes).bytes))
            }
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
