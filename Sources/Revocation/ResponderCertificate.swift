internal import Crypto
public import PKIX
public import Signing
internal import SwiftASN1
internal import X509

/// The contents of the certificate by which an authority delegates OCSP to a key (RFC 6960, section 4.2.2.2).
public struct ResponderCertificateContents: Sendable {
    /// Big-endian and positive; 16 octets.
    public var serialNumber: [UInt8]
    /// The common name of the responder.
    public var commonName: String
    public var publicKey: SubjectPublicKey
    public var notBefore: CivilTime
    public var notAfter: CivilTime

    public init(
        serialNumber: [UInt8], commonName: String, publicKey: SubjectPublicKey, notBefore: CivilTime,
        notAfter: CivilTime
    ) {
        self.serialNumber = serialNumber
        self.commonName = commonName
        self.publicKey = publicKey
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}

/// Builds certificates of OCSP responders. Such a certificate can sign responses of its issuer and nothing
/// else, so it needs no request and no template. Pure: it reads no clock, no store and no token.
public enum ResponderCertificateBuilder {
    /// The longest validity, in seconds. Relying parties do not check whether a responder is revoked.
    public static let longestValidity: Int64 = 31 * 86_400

    public static func prepare(
        _ contents: ResponderCertificateContents, by issuer: ListIssuer
    ) throws -> LintedResponderCertificate {
        let name = try DistinguishedName { CommonName(contents.commonName) }
        var subject = DER.Serializer()
        try subject.serialize(name)
        let identifier = KeyIdentifier.sha1(of: contents.publicKey)
        let extensions = [
            try Certificate.Extension(
                AuthorityKeyIdentifier(keyIdentifier: issuer.keyIdentifier[...]), critical: false),
            try Certificate.Extension(
                SubjectKeyIdentifier(keyIdentifier: identifier[...]), critical: false),
            try Certificate.Extension(KeyUsage(digitalSignature: true), critical: true),
            try Certificate.Extension(ExtendedKeyUsage([.ocspSigning]), critical: false),
            // id-pkix-ocsp-nocheck: relying parties need no status of the responder itself.
            Certificate.Extension(oid: [1, 3, 6, 1, 5, 5, 7, 48, 1, 5], critical: false, value: [5, 0]),
        ]
        let tbs = try TBSCertificate(
            serialNumber: contents.serialNumber, signatureAlgorithm: issuer.signingAlgorithm,
            issuer: issuer.name, notBefore: contents.notBefore, notAfter: contents.notAfter,
            subject: subject.serializedBytes, subjectPublicKeyInfo: contents.publicKey.derBytes,
            extensions: extensions
        ).derBytes()
        let findings = findings(contents, by: issuer)
        guard findings.isEmpty else { throw StatusLintFault(findings: findings) }
        return LintedResponderCertificate(
            tbsCertificate: tbs, digest: Array(SHA256.hash(data: tbs)), issuer: issuer)
    }

    private static func findings(
        _ contents: ResponderCertificateContents, by issuer: ListIssuer
    ) -> [String] {
        var findings: [String] = []
        let (begin, end) = (contents.notBefore.secondsSinceEpoch, contents.notAfter.secondsSinceEpoch)
        if begin >= end { findings.append("RFC 5280, section 4.1.2.5: it ends before it begins") }
        if end - begin > longestValidity {
            findings.append("CA/Browser Forum BR, section 7.1.2.8: it is valid for more than a month")
        }
        if contents.publicKey == issuer.publicKey {
            findings.append("RFC 6960, section 4.2.2.2: the responder's key is the authority's own")
        }
        if contents.serialNumber.count != 16 {
            findings.append("RFC 5280, section 4.1.2.2: the serial number is not one of 16 octets")
        }
        return findings
    }
}

/// The certificate of a responder that passed every lint and is ready to be signed. Only
/// ``ResponderCertificateBuilder`` makes one.
public struct LintedResponderCertificate: ~Copyable, Sendable {
    /// The exact octets that will be signed.
    public let tbsCertificate: [UInt8]
    /// SHA-256 of ``tbsCertificate``.
    public let digest: [UInt8]
    let issuer: ListIssuer
}

extension LintedResponderCertificate: Signable {
    public static var purpose: SigningPurpose { .responderCertificate }
    public var toBeSigned: [UInt8] { tbsCertificate }
    public var signer: SubjectPublicKey { issuer.publicKey }
    public var signingAlgorithm: SigningAlgorithm { issuer.signingAlgorithm }
}
