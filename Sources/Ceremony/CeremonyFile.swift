internal import Foundation
public import JSON
public import PKIX
internal import TokenProtocol
public import X509

/// A ceremony as described by a reviewed file: the key, the document to sign, the officers, and the output
/// files.
public struct CeremonyFile: Sendable {
    public let title: String
    /// SHA-256 of the file, in hexadecimal, which officers confirm.
    public let digest: String
    /// The files that it names and that affect the signed document and its signers, by their names in the
    /// file, each with its SHA-256 in hexadecimal.
    public let inputs: JSONObject
    /// The document that requires it, such as a CP/CPS; nil for none.
    public let policy: Policy?
    public let officers: [Officer]
    public let key: Key
    public let action: Action
    /// Absolute paths, which must not exist.
    public let resultPath: String
    public let transcriptPath: String

    public struct Policy: Sendable, Hashable {
        public let document: String
        public let version: String
        public let section: String
    }

    public struct Officer: Sendable {
        public let name: String
        public let role: String
        /// With one, the officer must sign the transcript.
        public let publicKey: SubjectPublicKey?
    }

    public struct Key: Sendable, Hashable {
        public let algorithm: KeyAlgorithm
        /// CKA_ID
        public let identifier: [UInt8]
        /// CKA_LABEL; nil for an existing key.
        public let label: String?
        public let isDestroyable: Bool

        var kind: KeyKind {
            switch algorithm {
            case .ecPrime256v1: .ecP256
            case .ecSecp384r1: .ecP384
            case .ecSecp521r1: .ecP521
            case .rsa2048: .rsa2048
            case .rsa3072: .rsa3072
            case .rsa4096: .rsa4096
            }
        }
    }

    /// The document that is signed.
    public enum Action: Sendable {
        /// A new key, and its self-signed certificate.
        case root(subject: SubjectAttributes, validity: Validity, pathLength: Int?)
        /// A new key, and a certification request for it.
        case request(subject: SubjectAttributes)
        /// A certificate for a request, signed by an existing key.
        case subordinate(
            request: CertificationRequest, issuer: Certificate, validity: Validity, pathLength: Int)
        /// A CRL, signed by an existing key.
        case crl(
            issuer: Certificate, number: UInt64, thisUpdate: CivilTime, nextUpdate: CivilTime,
            revoked: [RevokedCertificates.Entry])
        /// A new key for the checkpoints of the log with this name, and its verifier key. Nothing but the
        /// transcript is signed.
        case logKey(origin: String)

        public var makesKey: Bool {
            switch self {
            case .root, .request, .logKey: true
            case .subordinate, .crl: false
            }
        }

        /// The name of the kind in the file.
        public var name: String {
            switch self {
            case .root: "root"
            case .request: "request"
            case .subordinate: "subordinate"
            case .crl: "crl"
            case .logKey: "log-key"
            }
        }
    }

    public struct Validity: Sendable, Hashable {
        public let notBefore: CivilTime
        public let notAfter: CivilTime
    }

    public let signingAlgorithm: SigningAlgorithm
}
