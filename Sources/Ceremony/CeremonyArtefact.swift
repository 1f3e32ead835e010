internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import Issuance
internal import JSON
internal import PKIX
internal import SwiftASN1
internal import TokenProtocol
internal import X509
internal import _CryptoExtras

/// The document that a ceremony signs, built and linted, before its signature.
struct CeremonyArtefact {
    /// The exact bytes that are signed.
    let tbs: [UInt8]
    /// Its details in the transcript.
    let details: JSONObject
    private let label: String

    /// - Parameter publicKey: the key at the token
    init(_ file: CeremonyFile, publicKey: SubjectPublicKey, randomBytes: (Int) -> [UInt8]) throws {
        do {
            switch file.action {
            case .root(let subject, let validity, let pathLength):
                let name = try Self.der(try subject.distinguishedName())
                let serial = randomBytes(16)
                tbs = try TBSCertificate(
                    serialNumber: serial, signatureAlgorithm: file.signingAlgorithm, issuer: name,
                    notBefore: validity.notBefore, notAfter: validity.notAfter, subject: name,
                    subjectPublicKeyInfo: publicKey.derBytes,
                    extensions: try Self.extensions(publicKey, pathLength, issuer: nil)
                ).derBytes()
                label = "CERTIFICATE"
                try Self.lint(tbs, file, publicKey, name, certificate: nil, at: validity.notBefore)
                details = Self.certificate(
                    try subject.distinguishedName(), serial, validity, pathLength, file)
            case .request(let subject):
                let basic = BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                tbs = try CertificationRequestInfo(
                    subject: try Self.der(try subject.distinguishedName()),
                    subjectPublicKeyInfo: publicKey.derBytes,
                    extensions: [try Certificate.Extension(basic, critical: true)]
                ).derBytes()
                label = "CERTIFICATE REQUEST"
                try Self.lintSubject(try Self.der(try subject.distinguishedName()), publicKey, file)
                details = [
                    "what": "certification request",
                    "subject": .string(try subject.distinguishedName().rfc4514),
                    "signingAlgorithm": .string(file.signingAlgorithm.rawValue),
                    "sha256": .string(Self.digest(tbs)),
                ]
            case .subordinate(let request, let issuer, let validity, let pathLength):
                let serial = randomBytes(16)
                let issuerName = try Self.der(issuer.subject)
                tbs = try TBSCertificate(
                    serialNumber: serial, signatureAlgorithm: file.signingAlgorithm, issuer: issuerName,
                    notBefore: validity.notBefore, notAfter: validity.notAfter, subject: request.subject,
                    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
                    extensions: try Self.extensions(request.publicKey, pathLength, issuer: issuer)
                ).derBytes()
                label = "CERTIFICATE"
                try Self.lint(
                    tbs, file, try SubjectPublicKey(issuer.publicKey), issuerName, certificate: issuer,
                    at: validity.notBefore)
                details = Self.certificate(request.subjectName, serial, validity, pathLength, file)
            case .crl(let issuer, let number, let thisUpdate, let nextUpdate, let revoked):
                guard let identifier = try issuer.extensions.subjectKeyIdentifier?.keyIdentifier else {
                    throw CeremonyError.encoding("the issuer's certificate has no subject key identifier")
                }
                tbs = try TBSCertificateList(
                    signatureAlgorithm: file.signingAlgorithm, issuer: try Self.der(issuer.subject),
                    thisUpdate: thisUpdate, nextUpdate: nextUpdate, revoked: RevokedCertificates(revoked),
                    authorityKeyIdentifier: Array(identifier), number: Self.octets(number)
                ).derBytes()
                label = "X509 CRL"
                details = [
                    "what": "CRL", "issuer": .string(issuer.subject.rfc4514),
                    "crlNumber": .integer(Int64(number)),
                    "thisUpdate": .string("\(thisUpdate)"), "nextUpdate": .string("\(nextUpdate)"),
                    "revoked": .array(revoked.map { .string(hexadecimal($0.serialNumber)) }),
                    "signingAlgorithm": .string(file.signingAlgorithm.rawValue),
                    "sha256": .string(Self.digest(tbs)),
                ]
            case .logKey: throw CeremonyError.encoding("a key of a log signs no document")
            }
        } catch let error as CeremonyError { throw error } catch {
            throw CeremonyError.encoding(parseReason(error))
        }
    }

    func pem(_ der: [UInt8]) -> String { PEM.encode(der, label: label) }

    /// The token's public key, after validation: a point that is not on its curve is refused.
    static func publicKey(_ material: PublicKeyMaterial) throws -> SubjectPublicKey {
        switch material {
        case .ec(.ecP256, let point):
            try SubjectPublicKey(point: point, on: .ecPrime256v1)
        case .ec(.ecP384, let point):
            try SubjectPublicKey(point: point, on: .ecSecp384r1)
        case .ec(.ecP521, let point):
            try SubjectPublicKey(point: point, on: .ecSecp521r1)
        case .ec: throw CeremonyError.encoding("the key is on another curve than it was made on")
        case .rsa(let modulus, let exponent):
            try SubjectPublicKey(modulus: modulus, exponent: exponent)
        }
    }

    /// In the order of AWS's templates for authorities.
    private static func extensions(
        _ publicKey: SubjectPublicKey, _ pathLength: Int?, issuer: Certificate?
    ) throws -> [Certificate.Extension] {
        var list = [
            try Certificate.Extension(
                BasicConstraints.isCertificateAuthority(maxPathLength: pathLength), critical: true)
        ]
        if let issuer {
            let identifier =
                try issuer.extensions.subjectKeyIdentifier?.keyIdentifier
                ?? ArraySlice(KeyIdentifier.sha1(of: SubjectPublicKey(issuer.publicKey)))
            list.append(
                try Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: identifier), critical: false))
        }
        let own = SubjectKeyIdentifier(keyIdentifier: ArraySlice(KeyIdentifier.sha1(of: publicKey)))
        list.append(try Certificate.Extension(own, critical: false))
        let usage = KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true)
        list.append(try Certificate.Extension(usage, critical: true))
        return list
    }

    /// Linted with the rules for all certificates of the daemon.
    private static func lint(
        _ tbs: [UInt8], _ file: CeremonyFile, _ publicKey: SubjectPublicKey, _ name: [UInt8],
        certificate: Certificate?, at time: CivilTime
    ) throws {
        let authority = IssuingAuthority(
            arn: ARN(partition: "aws", service: "acm-pca", region: "", account: "", resource: "ceremony"),
            isRoot: certificate == nil, keyAlgorithm: file.key.algorithm,
            publicKey: publicKey, subject: name,
            certificate: certificate, ancestors: [], longestValidity: nil)
        let findings = Linter.findings(
            tbsCertificate: tbs, signedWith: file.signingAlgorithm, authority: authority)
        guard findings.isEmpty else {
            throw CeremonyError.lint(findings.map(\.description).joined(separator: "; "))
        }
    }

    /// The subject of a request becomes the subject of a certificate, so the rules for names are checked
    /// before the key is generated.
    private static func lintSubject(
        _ name: [UInt8], _ publicKey: SubjectPublicKey, _ file: CeremonyFile
    ) throws {
        guard let begin = CivilTime(secondsSinceEpoch: 0), let end = CivilTime(secondsSinceEpoch: 86_400)
        else {
            return
        }
        let tbs = try TBSCertificate(
            // A serial number that passes every rule; the certificate is never signed.
            serialNumber: (1...16).map { $0 * 7 }, signatureAlgorithm: file.signingAlgorithm, issuer: name,
            notBefore: begin, notAfter: end, subject: name, subjectPublicKeyInfo: publicKey.derBytes,
            extensions: try extensions(publicKey, nil, issuer: nil)
        ).derBytes()
        try lint(tbs, file, publicKey, name, certificate: nil, at: begin)
    }

    /// A placeholder for a key that does not exist yet.
    static func standIn(for algorithm: KeyAlgorithm) throws -> SubjectPublicKey {
        switch algorithm {
        case .ecPrime256v1: try SubjectPublicKey(.init(P256.Signing.PrivateKey().publicKey))
        case .ecSecp384r1: try SubjectPublicKey(.init(P384.Signing.PrivateKey().publicKey))
        case .ecSecp521r1: try SubjectPublicKey(.init(P521.Signing.PrivateKey().publicKey))
        case .rsa2048: try SubjectPublicKey(.init(try _RSA.Signing.PrivateKey(keySize: .bits2048).publicKey))
        case .rsa3072: try SubjectPublicKey(.init(try _RSA.Signing.PrivateKey(keySize: .bits3072).publicKey))
        case .rsa4096: try SubjectPublicKey(.init(try _RSA.Signing.PrivateKey(keySize: .bits4096).publicKey))
        }
    }

    private static func certificate(
        _ subject: DistinguishedName, _ serial: [UInt8], _ validity: CeremonyFile.Validity,
        _ pathLength: Int?,
        _ file: CeremonyFile
    ) -> JSONObject {
        [
            "what": "certificate", "subject": .string(subject.rfc4514),
            "certificateSerialNumber": .string(hexadecimal(serial)),
            "notBefore": .string("\(validity.notBefore)"),
            "notAfter": .string("\(validity.notAfter)"),
            "pathLength": pathLength.map { .integer(Int64($0)) } ?? .null,
            "signingAlgorithm": .string(file.signingAlgorithm.rawValue), "lint": "no findings",
        ]
    }

    private static func octets(_ number: UInt64) -> [UInt8] {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
        return Array(bytes.drop { $0 == 0 })
    }

    private static func digest(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    private static func der(_ value: some DERSerializable) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(value)
        return serializer.serializedBytes
    }
}
