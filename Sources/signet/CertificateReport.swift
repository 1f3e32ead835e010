internal import Foundation
internal import Identifiers
internal import PKIX
internal import SwiftASN1
internal import VisibleText
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
    /// The type of the certificate's holder, from basicConstraints.
    private let holder: EscapedText

    struct Entry: Encodable {
        let name: String
        let critical: Bool
        /// The DER in hexadecimal for an unknown extension.
        let value: String
        fileprivate let lines: [EscapedText]

        private enum CodingKeys: CodingKey { case name, critical, value }
    }

    private enum CodingKeys: CodingKey {
        case subject, issuer, serialNumber, notBefore, notAfter, validity, publicKey, signatureAlgorithm,
            extensions
    }

    init(_ der: [UInt8], at now: Date) throws {
        let certificate: Certificate
        do { certificate = try CertificateParser.parse(der) } catch {
            throw CommandFailure(message: "a certificate does not parse: \(error)", hint: nil)
        }
        subject = certificate.subject.visible.text
        issuer = certificate.issuer.visible.text
        serialNumber = hexadecimal(Array(certificate.serialNumber.bytes), separator: ":")
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        validity = Self.validity(certificate, at: now)
        publicKey = KeyAlgorithm(certificate.publicKey)?.rawValue ?? "\(certificate.publicKey)"
        // Its description is `SignatureAlgorithm.` and the name.
        signatureAlgorithm = String("\(certificate.signatureAlgorithm)".split(separator: ".").last ?? "")
        extensions = certificate.extensions.map {
            Entry(
                name: ExtensionText.name($0.oid), critical: $0.critical, value: ExtensionText.value($0),
                lines: Self.lines($0))
        }
        holder = Self.holder(certificate)
    }

    /// The report on a certificate that is not signed yet, from its TBSCertificate.
    init(unsigned tbs: [UInt8], at now: Date) throws {
        try self.init(try UnsignedCertificate.wrap(tbs), at: now)
    }

    /// One line for each value, so that a name with a comma cannot look like two.
    private static func lines(_ entry: Certificate.Extension) -> [EscapedText] {
        if let values = ExtensionText.values(entry) { return values.map { EscapedText($0, limit: .max) } }
        let what: EscapedText =
            ExtensionText.isKnown(entry.oid) ? "not read here" : "UNKNOWN extension \(entry.oid)"
        let octets = EscapedText(hexadecimal(Array(entry.value)), limit: .max)
        return [
            "\(what), \(entry.critical ? "critical" : "not critical"), \(entry.value.count) octets:", octets,
        ]
    }

    // RFC 5280, section 4.2.1.9: without the extension, or without cA in it, the key may not certify.
    private static func holder(_ certificate: Certificate) -> EscapedText {
        guard let entry = certificate.extensions[oid: .X509ExtensionID.basicConstraints] else {
            return "no certificate authority"
        }
        return switch try? BasicConstraints(entry) {
        case .notCertificateAuthority: "no certificate authority"
        case .isCertificateAuthority(nil): "CERTIFICATE AUTHORITY, with any number of authorities below it"
        case .isCertificateAuthority(let length?): "CERTIFICATE AUTHORITY, path length \(length)"
        case nil: "UNKNOWN: its basicConstraints cannot be read"
        }
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

    private var valid: EscapedText { "\(Report.date(notBefore)) to \(Report.date(notAfter)) (\(validity))" }

    /// The facts that only the authority and its templates determine.
    var facts: [(EscapedText, EscapedText)] {
        [
            ("Makes", holder), ("Valid", valid), ("Key", "\(publicKey)"),
            ("Signed with", "\(signatureAlgorithm)"),
        ]
    }

    /// The names and extensions, which may have the requester's text.
    var names: EscapedText { ([.fields(identity)] + extensionLines).joined(separator: "\n") }

    var text: EscapedText { ([.fields(identity + facts)] + extensionLines).joined(separator: "\n") }

    private var identity: [(EscapedText, EscapedText)] {
        [
            ("Subject", subjectText), ("Issuer", EscapedText(issuer, limit: .max)),
            ("Serial number", "\(serialNumber)"),
        ]
    }

    private var subjectText: EscapedText { subject.isEmpty ? "(none)" : EscapedText(subject, limit: .max) }

    private var extensionLines: [EscapedText] {
        guard !extensions.isEmpty else { return [] }
        return ["Extensions"]
            + extensions.flatMap { entry in
                let name = "  " + Report.extensionName(entry.name, entry.critical)
                return entry.lines.enumerated().map { index, line in
                    (index == 0 ? name : EscapedText("").padded(to: 38)) + line
                }
            }
    }
}
