internal import Foundation
internal import Issuance
internal import PKIX
internal import Storage
internal import SwiftASN1
internal import X509

/// A certificate somebody signed for an authority of ours, and the chain above it, being checked.
struct ImportedCertificate: Sendable {
    let der: [UInt8]
    let chainDER: [[UInt8]]
    let certificate: Certificate
    private let chain: [Certificate]

    /// Parses both.
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
            // User Guide: a hierarchy has at most five levels; twice that is no hierarchy.
            guard blocks.count <= 10 else {
                throw .malformedCertificate("the CertificateChain has more than 10 certificates")
            }
            chainBlocks = blocks
        }
        chainDER = chainBlocks
        do {
            certificate = try CertificateParser.parse(der)
        } catch { throw .malformedCertificate("the Certificate does not parse: \(parseReason(error))") }
        var chain: [Certificate] = []
        for (index, block) in chainBlocks.enumerated() {
            do { chain.append(try CertificateParser.parse(block)) } catch {
                throw .malformedCertificate(
                    "certificate \(index + 1) of the CertificateChain does not parse: \(parseReason(error))")
            }
        }
        self.chain = chain
        try Self.checkExtensions(certificate)
    }

    /// Holds the certificate against the authority's own key and CSR.
    func check(for record: CertificateAuthorityRecord) throws(CAError) {
        guard certificate.publicKey == (try record.publicKey()) else {
            throw .certificateMismatch(
                "the certificate's public key is not that of the certificate authority")
        }
        let subject: [UInt8]
        var own = DER.Serializer()
        do {
            subject = try CertificationRequest.subject(ofVerified: record.certificateSigningRequest ?? [])
            try own.serialize(certificate.subject)
        } catch {
            throw .storage(.corrupt("the CSR of the certificate authority \(record.id)"))
        }
        // Octet for octet: what this authority issues carries the name of its CSR as issuer.
        guard own.serializedBytes == subject else {
            throw .certificateMismatch(
                "the certificate's subject is not that of the certificate authority's CSR")
        }
    }

    /// Follows the chain to its root and verifies every signature on the way.
    func verify(kind: CertificateAuthorityRecord.Kind, at now: Date) throws(CAError) {
        guard certificate.notValidBefore <= now, certificate.notValidAfter > now else {
            let (from, to) = (
                certificate.notValidBefore.formatted(.iso8601), certificate.notValidAfter.formatted(.iso8601)
            )
            throw .certificateMismatch("the certificate is not valid now, but from \(from) to \(to)")
        }
        let isSelfSigned = Self.isIssued(certificate, by: certificate)
        switch kind {
        case .root:
            guard isSelfSigned else {
                throw .certificateMismatch("the certificate of a root must be signed by its own key")
            }
            guard chain.isEmpty else { throw .certificateMismatch("a root has no CertificateChain") }
        case .subordinate:
            guard !isSelfSigned else {
                throw .certificateMismatch("the certificate of a subordinate must not be self-signed")
            }
            guard let root = chain.last else {
                throw .certificateMismatch("a subordinate needs a CertificateChain up to its root")
            }
            guard !chainDER.contains(der) else {
                throw .certificateMismatch("the CertificateChain must not hold the certificate itself")
            }
            var child = certificate
            for (index, parent) in chain.enumerated() {
                guard Self.isIssued(child, by: parent) else {
                    throw .certificateMismatch(
                        "certificate \(index + 1) of the CertificateChain did not sign the one before it")
                }
                child = parent
            }
            guard Self.isIssued(root, by: root) else {
                throw .certificateMismatch("the last certificate of the CertificateChain is not a root")
            }
            if let problem = ChainValidation.problem(
                certificate, below: chain, processed: Self.allowedCritical, at: now)
            {
                throw .certificateMismatch(
                    "the certificate does not comply with those that signed it: \(problem)")
            }
        }
    }

    private static func isIssued(_ child: Certificate, by parent: Certificate) -> Bool {
        child.issuer == parent.subject && parent.publicKey.isValidSignature(child.signature, for: child)
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
        // User Guide, "RFC compliance": what nobody could enforce is not taken.
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
    private static let allowedCritical: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 35], [2, 5, 29, 19], [2, 5, 29, 32], [2, 5, 29, 37], [2, 5, 29, 54], [2, 5, 29, 18],
        [2, 5, 29, 15], [2, 5, 29, 30], [2, 5, 29, 33], [2, 5, 29, 17], [2, 5, 29, 9], [2, 5, 29, 14],
        [1, 3, 6, 1, 5, 5, 7, 1, 11],
    ]
}
