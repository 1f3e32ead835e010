internal import Identifiers
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

extension ImportedCertificate {
    /// Compares the certificate's key with the authority's, and its subject with the CSR's by RFC 5280,
    /// section 7.1. At a renewal the subject must equal the old certificate's octet for octet.
    func check(for record: CertificateAuthorityRecord) throws(CAError) {
        guard try record.publicKey().matches(certificate.publicKey) else {
            throw .certificateMismatch(
                "the certificate's public key is not that of the certificate authority")
        }
        let own = fields.subject
        if let current = record.certificate {
            try checkRenewal(own, of: current, record)
            return
        }
        let requested: [UInt8]
        do {
            requested = try CertificationRequest.subject(ofVerified: record.certificateSigningRequest ?? [])
        } catch {
            throw .storage(.corrupt("the CSR of the certificate authority \(record.id)"))
        }
        try checkSubject(requested)
    }

    /// Checks that the authority's CSR could have the certificate's subject.
    func checkOwnSubject() throws(CAError) {
        var encoded = DER.Serializer()
        do { try encoded.serialize(certificate.subject) } catch {
            throw .malformedCertificate("the certificate's subject cannot be encoded: \(parseReason(error))")
        }
        try checkSubject(encoded.serializedBytes)
    }

    private func checkSubject(_ requested: [UInt8]) throws(CAError) {
        let own = fields.subject
        guard let name = NameMatch(derEncoded: own), name == NameMatch(derEncoded: requested[...]) else {
            throw .certificateMismatch(
                "the certificate's subject is not that of the certificate authority's CSR: it "
                    + (NameDifference.description(of: own, from: requested[...]) ?? "is not a Name"))
        }
    }

    // RFC 5280, section 4.2.1.1: existing certificates have the identifier of the authority's key in their
    // authorityKeyIdentifier, and OpenSSL finds no issuer with another subjectKeyIdentifier.
    private func checkKeyIdentifier(
        of renewed: CertificateFields, _ record: CertificateAuthorityRecord
    ) throws(CAError) {
        // AWS Private CA User Guide, "RFC compliance": without one, the SHA-1 of the public key.
        let known: [UInt8]
        if let identifier = renewed.subjectKeyIdentifier {
            known = identifier
        } else {
            known = KeyIdentifier.sha1(of: try record.publicKey())
        }
        let own = fields.subjectKeyIdentifier ?? []
        guard own != known else { return }
        throw .certificateMismatch(
            "the certificate's subjectKeyIdentifier is \(hexadecimal(own)), and not \(hexadecimal(known)), which the "
                + "certificates that exist name as that of their issuer's key; have the certificate made with the latter"
        )
    }

    // Relying parties may compare names octet for octet. With another subject, existing certificates would no
    // longer match their issuer.
    private func checkRenewal(
        _ own: ArraySlice<UInt8>, of current: [UInt8], _ record: CertificateAuthorityRecord
    ) throws(CAError) {
        let known: ArraySlice<UInt8>
        do {
            let renewed = try CertificateFields(derEncoded: current)
            try checkKeyIdentifier(of: renewed, record)
            known = renewed.subject
        } catch let error as CAError { throw error } catch {
            throw .storage(.corrupt("the certificate of the certificate authority \(record.id)"))
        }
        guard let difference = NameDifference.description(of: own, from: known) else { return }
        let name = NameMatch(derEncoded: own)
        throw .certificateMismatch(
            name != nil && name == NameMatch(derEncoded: known)
                ? "the certificate's subject is encoded differently from that of the certificate it renews, "
                    + "which the certificates that exist name as their issuer: it \(difference)"
                : "the certificate's subject is not that of the certificate it renews: it \(difference)")
    }
}

extension CertificateAuthorityRecord {
    /// The issuer name in the authority's certificates: the octets of its own certificate's subject, whose
    /// encoding may differ from the CSR's, or the CSR's subject before there is a certificate.
    func issuerName() throws(CAError) -> [UInt8] {
        if let certificate {
            do { return Array(try CertificateFields(derEncoded: certificate).subject) } catch {
                throw .storage(.corrupt("the certificate of the certificate authority \(id)"))
            }
        }
        guard let request = certificateSigningRequest else {
            throw .invalidState("The certificate authority is not in a valid state for issuing certificates")
        }
        do { return try CertificationRequest.subject(ofVerified: request) } catch {
            throw .storage(.corrupt("the CSR of the certificate authority \(id)"))
        }
    }
}

extension CertificateFields {
    /// The octets of subjectKeyIdentifier (RFC 5280, section 4.2.1.2); nil when there is none, or when it
    /// does not parse.
    fileprivate var subjectKeyIdentifier: [UInt8]? {
        // id-ce-subjectKeyIdentifier, 2.5.29.14, in DER
        guard
            let entry = extensions.first(where: {
                $0.identifier.elementsEqual([0x06, 0x03, 0x55, 0x1D, 0x0E])
            })
        else { return nil }
        return (try? BasicExtensionSyntax.subjectKeyIdentifier(entry.value)).map { Array($0) }
    }
}
