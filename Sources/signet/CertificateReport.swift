internal import Foundation
internal import PKIX
internal import SwiftASN1
internal import X509

/// A certificate in words.
struct CertificateReport: Encodable {
    let subject: String
    let issuer: String
    let serialNumber: String
    let notBefore: Date
    let notAfter: Date
    /// Such as `valid, 29 days left`.
    let validity: String
    let publicKey: String
    let signatureAlgorithm: String
    let extensions: [Entry]

    struct Entry: Encodable {
        let name: String
        let critical: Bool
        let value: String
    }

    init(_ der: [UInt8], at now: Date) throws {
        let certificate: Certificate
        do { certificate = try CertificateParser.parse(der) } catch {
            throw UsageFailure(message: "a certificate does not parse: \(error)", hint: nil)
        }
        subject = "\(certificate.subject)"
        issuer = "\(certificate.issuer)"
        serialNumber = hexadecimal(Array(certificate.serialNumber.bytes), separator: ":")
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        validity = Self.validity(certificate, at: now)
        publicKey = KeyAlgorithm(certificate.publicKey)?.rawValue ?? "\(certificate.publicKey)"
        // Its description is `SignatureAlgorithm.` and the name.
        signatureAlgorithm = String("\(certificate.signatureAlgorithm)".split(separator: ".").last ?? "")
        extensions = certificate.extensions.map {
            Entry(name: ExtensionText.name($0.oid), critical: $0.critical, value: ExtensionText.value($0))
        }
    }

    /// Of a certificate that is not signed yet: its TBSCertificate.
    init(unsigned tbs: [UInt8], at now: Date) throws {
        try self.init(try UnsignedCertificate.wrap(tbs), at: now)
    }

    private static func validity(_ certificate: Certificate, at now: Date) -> String {
        if now < certificate.notValidBefore {
            return "not valid yet; begins in \(span(certificate.notValidBefore.timeIntervalSince(now)))"
        }
        let left = certificate.notValidAfter.timeIntervalSince(now)
        return left < 0 ? "EXPIRED \(span(-left)) ago" : "valid, \(span(left)) left"
    }

    private static func span(_ seconds: TimeInterval) -> String {
        switch seconds {
        case 172_800...: "\(Int(seconds / 86_400)) days"
        case 7200...: "\(Int(seconds / 3600)) hours"
        default: "\(Int(seconds / 60)) minutes"
        }
    }

    var text: String {
        let lines: [(String, String)] = [
            ("Subject", subject.isEmpty ? "(none)" : subject), ("Issuer", issuer),
            ("Serial number", serialNumber),
            ("Valid", "\(Report.date(notBefore)) to \(Report.date(notAfter)) (\(validity))"),
            ("Key", publicKey), ("Signed with", signatureAlgorithm),
        ]
        let body = extensions.map {
            "  " + ($0.name + ($0.critical ? " (critical)" : "")).padded(to: 36) + $0.value
        }
        return
            (lines.map { $0.0.padded(to: 15) + $0.1 } + (body.isEmpty ? [] : ["Extensions"] + body))
            .joined(separator: "\n")
    }
}

extension String {
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self + " "
    }
}

/// Makes a TBSCertificate (RFC 5280, section 4.1.2) one that parsers of certificates read: its own algorithm beside it, and a
/// signature that verifies with nothing.
private enum UnsignedCertificate {
    static func wrap(_ tbs: [UInt8]) throws -> [UInt8] {
        var top = DERElements(tbs[...])
        guard let sequence = top.next(), sequence.tag == 0x30, top.next() == nil else { throw malformed }
        var fields = DERElements(sequence.contents)
        // Version, serial number, signature.
        guard fields.next()?.tag == 0xA0, fields.next()?.tag == 0x02, let algorithm = fields.next() else {
            throw malformed
        }
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            coder.serializeRawBytes(tbs)
            coder.serializeRawBytes(Array(algorithm.encoded))
            // An ECDSA-Sig-Value of 1 and 1, which is as good as any other for RSA.
            try coder.serialize(ASN1BitString(bytes: [0x30, 6, 2, 1, 1, 2, 1, 1]))
        }
        return serializer.serializedBytes
    }

    private static let malformed = UsageFailure(
        message: "the request's content is not a TBSCertificate", hint: nil)
}
