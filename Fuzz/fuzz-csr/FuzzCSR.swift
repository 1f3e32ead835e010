internal import CFuzzer
internal import Issuance
internal import PKIX
internal import SwiftASN1
internal import X509

/// Whatever bytes come as a CSR, a certificate, a CRL or an OCSP message: an answer, never a trap.
@main
enum FuzzCSR {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
        _ = unsafe LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            unsafe FuzzCSR.once(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    private static func read(list bytes: [UInt8]) {
        _ = try? CertificateList(tbsDerEncoded: bytes)
        guard let list = try? CertificateList(derEncoded: bytes) else { return }
        var count = 0
        list.forEachEntry { entry in
            count += 1
            _ = SerialNumberText.octets(String(decoding: entry.serialNumber, as: UTF8.self))
        }
        // Every entry was read when the list was.
        precondition(count == list.count)
    }

    /// A response can be made for every request that is read, and is read again.
    private static func read(status bytes: [UInt8]) {
        if let request = try? OCSPRequest(derEncoded: bytes), let now = CivilTime(secondsSinceEpoch: 1 << 31)
        {
            let data = ResponseData(
                responderKeyHash: [UInt8](repeating: 1, count: 20), producedAt: now,
                responses: request.certificates.map {
                    SingleResponse($0, .revoked(at: now, reason: 1), thisUpdate: now, nextUpdate: now)
                }, nonce: request.nonce, hasExtendedRevoked: true)
            let response = try? BasicOCSPResponse(tbsDerEncoded: data.derBytes)
            precondition(response?.responses.map(\.certificate) == request.certificates)
            precondition(response?.nonce == request.nonce)
        }
        if case .basic(let response)? = try? OCSPResponse.read(derEncoded: bytes) {
            _ = try? OCSPVerification.verify(
                response, about: response.responses[0].certificate, issuer: bytes, at: .now())
        }
    }

    private static func once(_ bytes: [UInt8]) {
        _ = try? CertificationRequest(der: bytes)
        _ = try? CertificationRequest(pem: bytes)
        _ = Linter.findings(certificate: bytes)
        read(list: bytes)
        read(status: bytes)
        // What people are shown of it.
        guard let certificate = try? CertificateParser.parse(bytes) else { return }
        for entry in certificate.extensions { _ = ExtensionText.value(entry) }
        _ = SubjectAttributes(certificate.subject)
    }
}
