internal import Crypto
internal import SwiftASN1
public import X509

/// Why a certification request is refused.
public enum CertificationRequestError: Error, Sendable, Hashable, CustomStringConvertible {
    case notPEM(PEMFault)
    case notDER(String)
    /// A repeated attribute, or an ambiguous request for extensions.
    case attributes(String)
    case unsupportedKey(String)
    case weakKey(String)
    case unsupportedSignatureAlgorithm(String)
    case invalidSignature

    public var description: String {
        switch self {
        case .notPEM(let fault): "the CSR \(fault)"
        case .notDER(let reason): "the CSR does not parse: \(reason)"
        case .attributes(let reason): "the CSR's attributes are refused: \(reason)"
        case .unsupportedKey(let kind):
            "the CSR's public key is not supported: \(kind); use RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519"
        case .weakKey(let reason): "the CSR's public key is weak: \(reason)"
        case .unsupportedSignatureAlgorithm(let name):
            "the CSR's signature algorithm is not supported: \(name)"
        case .invalidSignature: "the CSR's signature does not verify with the public key in it"
        }
    }

    init(_ fault: PublicKeyFault) {
        self =
            switch fault {
            case .notPEM(let fault): .notPEM(fault)
            case .malformed(let reason): .notDER(reason)
            case .unsupported(let kind): .unsupportedKey(kind)
            case .weak(let reason): .weakKey(reason)
            }
    }
}

/// A PKCS #10 certification request (RFC 2986) whose signature was verified, which proves possession of the
/// private key.
public final class CertificationRequest: Sendable {
    /// DER of the subject's Name, as the requester wrote it.
    public let subject: [UInt8]
    /// The subject's Name, parsed.
    public let subjectName: DistinguishedName
    /// DER of the SubjectPublicKeyInfo, as the requester wrote it.
    public var subjectPublicKeyInfo: [UInt8] { publicKey.derBytes }
    public let publicKey: SubjectPublicKey
    /// RFC 5280, section 4.2.1.2 (1): SHA-1 of the key's bits, 20 octets.
    public let keyIdentifier: [UInt8]
    /// The extensions that the request asks for, in its order.
    public let extensions: Certificate.Extensions
    /// The names of the attributes that are ignored, without their values.
    public let unusedAttributes: [String]
    private let key: SubjectPublicKeyInfo

    /// Parses one PEM block and verifies it. The key is checked before the signature, so that a weak key is
    /// reported as weak.
    /// - Parameter known: keys that are refused because their private keys are known
    public convenience init(pem: [UInt8], known: KnownWeakKeys = .none) throws(CertificationRequestError) {
        let block: PEM.Block
        do { block = try PEM.block(pem, labels: PEM.certificationRequest) } catch { throw .notPEM(error) }
        try self.init(der: block.contents, known: known)
    }

    /// Parses and verifies DER.
    public init(der: [UInt8], known: KnownWeakKeys = .none) throws(CertificationRequestError) {
        let parts = try CertificationRequestParts(der)
        do {
            key = try SubjectPublicKeyInfo(parts.subjectPublicKeyInfo)
            try key.check(known: known)
        } catch { throw CertificationRequestError(error) }
        let attributes = try CSRAttribute.all(in: parts.attributes)
        let asking = try attributes.extensionRequest()
        let algorithm = try CSRSignatureAlgorithm(parts.signatureAlgorithm)
        let request: CertificateSigningRequest
        do {
            // The library does not parse RSASSA-PSS, so it gets the request with another algorithm.
            request = try CertificateSigningRequest(derEncoded: algorithm.isPSS ? parts.withoutPSS : der)
            extensions = try asking.map { try request.extensions($0.type) } ?? Certificate.Extensions()
        } catch let error as CertificateError where error.code == .unsupportedSignatureAlgorithm {
            throw .unsupportedSignatureAlgorithm(algorithm.name)
        } catch {
            if let fault = DERDiagnosis(der, as: .certificationRequest) { throw .notDER(fault.description) }
            // The key is parsed with the rest; its fault gets its own error.
            do { _ = try Certificate.PublicKey(derEncoded: parts.subjectPublicKeyInfo.encoded) } catch {
                if let problem = key.problem { throw .notDER(problem) }
                throw .notDER("its public key does not parse: \(parseReason(error))")
            }
            throw .notDER(parseReason(error))
        }
        guard algorithm.isValidSignature(of: request, parts, by: key) else { throw .invalidSignature }
        subject = Array(parts.subject.encoded)
        subjectName = request.subject
        do {
            publicKey = try SubjectPublicKey(
                request.publicKey, derBytes: Array(parts.subjectPublicKeyInfo.encoded))
        } catch { throw .unsupportedKey(parseReason(error)) }
        keyIdentifier = KeyIdentifier.sha1(ofKeyBits: Array(key.keyBits))
        unusedAttributes = attributes.unused
    }

    /// Refuses keys by the tests that take milliseconds. Call it for authorized requests only.
    public func checkKeyThoroughly() throws(CertificationRequestError) {
        do { try key.checkThoroughly() } catch { throw CertificationRequestError(error) }
    }

    /// DER of the subject's Name in a request that was verified when it was stored.
    public static func subject(ofVerified der: [UInt8]) throws(CertificationRequestError) -> [UInt8] {
        Array(try CertificationRequestParts(der).subject.encoded)
    }
}

extension CertificateSigningRequest {
    fileprivate func extensions(_ type: ASN1ObjectIdentifier) throws -> Certificate.Extensions {
        // Microsoft's attribute has the same values (MS-WCCE, section 2.2.2.7.7.1).
        let values = attributes[oid: type]?.values ?? []
        return try ExtensionRequest(.init(oid: CSRAttribute.extensionRequest, values: values)).extensions
    }
}
