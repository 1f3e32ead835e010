internal import CFuzzer
internal import Issuance
internal import PKIX
internal import SwiftASN1
internal import X509

/// Whatever bytes come as a CSR, a certificate or a CRL: an answer, never a trap.
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

    private static func once(_ bytes: [UInt8]) {
        _ = try? CertificationRequest(der: bytes)
        _ = try? CertificationRequest(pem: bytes)
        _ = Linter.findings(certificate: bytes)
        read(list: bytes)
        // What people are shown of it.
        guard let certificate = try? CertificateParser.parse(bytes) else { return }
        for entry in certificate.extensions { _ = ExtensionText.value(entry) }
        _ = SubjectAttributes(certificate.subject)
    }
}
