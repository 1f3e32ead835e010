internal import Foundation
internal import Issuance
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

/// A certificate for an authority of this daemon and its chain, while they are checked.
struct ImportedCertificate: Sendable {
    let der: [UInt8]
    let chainDER: [[UInt8]]
    let certificate: Certificate
    let fields: CertificateFields
    let chain: [Certificate]
    let chainFields: [CertificateFields]

    /// Parses both down to the leaves of their extensions, and lints the certificate, because clients would
    /// refuse certificates issued below a faulty one.
    init(certificate pem: [UInt8], chain chainPEM: [UInt8]?) throws(CAError) {
        do { der = try PEM.block(pem, labels: PEM.certificate).contents } catch {
            throw .malformedCertificate("the Certificate \(error)")
        }
        var chainBlocks: [[UInt8]] = []
        if let chainPEM, !chainPEM.isEmpty {
            let blocks: [[UInt8]]
            do { blocks = try PEM.decode(chainPEM, labels: PEM.certificate) } catch {
                throw .malformedCertificate("the CertificateChain \(error)")
            }
            // User Guide: a hierarchy has at most five levels. Twice as many are refused.
            guard blocks.count <= 10 else {
                throw .malformedCertificate("the CertificateChain has more than 10 certificates")
            }
            chainBlocks = blocks
        }
        chainDER = chainBlocks
        (certificate, fields) = try Self.parse(der, "the certificate")
        var chain: [(Certificate, CertificateFields)] = []
        for (index, block) in chainBlocks.enumerated() {
            chain.append(try Self.parse(block, Self.place(index)))
        }
        self.chain = chain.map(\.0)
        chainFields = chain.map(\.1)
        try Self.checkExtensions(certificate)
        try Self.refuse(Linter.findings(certificate: der), in: "the certificate")
        // OpenSSL rejects every path with a certificate that it cannot read, the root included.
        for (index, certificate) in chainDER.enumerated() {
            try Self.refuse(Linter.malformations(of: certificate), in: Self.place(index))
        }
    }

    private static func parse(
        _ der: [UInt8], _ which: String
    ) throws(CAError) -> (Certificate, CertificateFields) {
        do {
            let fields = try CertificateFields(derEncoded: der)
            return (try CertificateParser.parse(der, fields), fields)
        } catch { throw .malformedCertificate("\(which) does not parse: \(error)") }
    }

    /// The place of a certificate in the chain, in the caller's order.
    static func place(_ index: Int) -> String { "certificate \(index + 1) of the CertificateChain" }

    static func refuse(_ findings: [LintFinding], in which: String) throws(CAError) {
        let breaches = findings.filter { $0.level == .must }
        guard !breaches.isEmpty else { return }
        throw .malformedCertificate(
            "\(which) breaks its rules: " + breaches.map(\.description).joined(separator: "; "))
    }

    private static func checkExtensions(_ certificate: Certificate) throws(CAError) {
        // API reference, ImportCertificateAuthorityCertificate: basicConstraints must be marked critical …
        guard let basic = certificate.extensions[oid: .X509ExtensionID.basicConstraints], basic.critical,
            case .isCertificateAuthority = try? BasicConstraints(basic)
        else {
            throw .malformedCertificate(
                "the certificate lacks a critical basicConstraints extension with CA:TRUE")
        }
        // … and other extensions may be critical only if they are on the list.
        for entry in certificate.extensions where entry.critical && !allowedCritical.contains(entry.oid) {
            throw .malformedCertificate(
                "the certificate has a critical extension \(entry.oid), which is not allowed")
        }
        // RFC 6962, section 3.1: a precertificate is for logs, and not a certificate.
        if certificate.extensions[oid: .X509ExtensionID.precertificatePoison] != nil {
            throw .malformedCertificate("the certificate has the poison of a precertificate")
        }
        let usage: KeyUsage?
        do { usage = try certificate.extensions.keyUsage } catch {
            throw .malformedCertificate("the certificate's keyUsage does not parse")
        }
        if let usage, !usage.keyCertSign {
            throw .malformedCertificate("the certificate's keyUsage lacks keyCertSign")
        }
        let constraints: NameConstraints?
        do { constraints = try certificate.extensions.nameConstraints } catch {
            throw .malformedCertificate("the certificate's nameConstraints do not parse")
        }
        // User Guide, "RFC compliance": a constraint that could not be enforced is refused.
        for subtree in (constraints?.permittedSubtrees ?? []) + (constraints?.excludedSubtrees ?? []) {
            switch subtree {
            case .dnsName, .ipAddress, .rfc822Name, .uniformResourceIdentifier, .directoryName: break
            default:
                throw .malformedCertificate(
                    "the certificate's nameConstraints have a form that is not enforced (\(subtree.text))")
            }
        }
    }

    // API reference, ImportCertificateAuthorityCertificate, "Enforcement of Critical Constraints".
    static let allowedCritical: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 35], [2, 5, 29, 19], [2, 5, 29, 32], [2, 5, 29, 37], [2, 5, 29, 54], [2, 5, 29, 18],
        [2, 5, 29, 15], [2, 5, 29, 30], [2, 5, 29, 33], [2, 5, 29, 17], [2, 5, 29, 9], [2, 5, 29, 14],
        [1, 3, 6, 1, 5, 5, 7, 1, 11],
    ]
}
