internal import APIClient
internal import Identifiers
internal import LocalCertificates
internal import PKIX
internal import VisibleText
internal import WireAPI
internal import X509

/// A certificate and its key, in files.
struct HeldCertificate {
    private let serialNumber: String
    private let key: LocalKey
    private let publicKey: SubjectPublicKey

    init(certificate: String, key: String) throws {
        let der = try CertificateFile.read(certificate)[0]
        let fields = try CertificateFields(derEncoded: der)
        serialNumber = hexadecimal(Array(fields.serialNumber.dropFirst(2).drop { $0 == 0 }))
        publicKey = try SubjectPublicKey(derEncoded: Array(fields.subjectPublicKeyInfo))
        do { self.key = try LocalKey(pem: Array(try InputFile.read(key))) } catch let fault as PublicKeyFault
        {
            throw CommandFailure(
                message: "`\(key)` is not a private key: \("\(fault)")", hint: nil, status: .usage)
        }
        guard publicKey.matches(self.key.privateKey.publicKey) else {
            throw CommandFailure(
                message: "`\(key)` is not the key of `\(certificate)`",
                hint: "give the key of the certificate",
                status: .usage)
        }
    }

    func revoke(of authority: String, because reason: String, _ client: SignetClient) async throws {
        guard let algorithm = publicKey.proofAlgorithm else {
            throw CommandFailure(
                message: "a key of this kind gives no proof: \(publicKey.name)", hint: nil, status: .usage)
        }
        let zeros = String(repeating: "0", count: max(0, 32 - serialNumber.utf8.count))
        let arn = "\(authority)/certificate/\(zeros)\(serialNumber)"
        let text = RevocationProof.octets(certificate: arn, reason: reason)
        let signature = try key.privateKey.sign(
            bytes: text, signatureAlgorithm: algorithm.certificateAlgorithm)
        _ = try await client.call(
            RevokeHeldCertificateOperation.self,
            .init(
                certificateAuthorityArn: authority, certificateSerial: serialNumber,
                revocationReason: reason, proofSignature: Blob(Array(signature.rawRepresentation))))
        Output.line("revoked: \(arn)")
    }
}
