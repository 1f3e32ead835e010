internal import Identifiers
internal import PKIX
internal import SwiftASN1
internal import X509

/// A certificate's authorityKeyIdentifier, compared with the certificate of its issuer (RFC 5280, section
/// 4.2.1.1): relying parties find the issuer by it.
enum AuthorityKeyCheck {
    /// Why the identifier refers to another certificate, completing a sentence about the first certificate;
    /// nil if it does not.
    static func problem(_ certificate: Certificate, issuedBy issuer: Certificate) -> String? {
        guard let entry = certificate.extensions[oid: .X509ExtensionID.authorityKeyIdentifier] else {
            return nil
        }
        let reference: AuthorityKeyReference
        do { reference = try AuthorityKeyReference(derEncoded: entry.value) } catch {
            return "has an authorityKeyIdentifier that does not parse: \(error)"
        }
        return keyProblem(reference, issuer) ?? certificateProblem(reference, issuer)
    }

    private static func keyProblem(_ reference: AuthorityKeyReference, _ issuer: Certificate) -> String? {
        guard let identifier = reference.keyIdentifier,
            let entry = issuer.extensions[oid: .X509ExtensionID.subjectKeyIdentifier]
        else { return nil }
        guard let own = try? BasicExtensionSyntax.subjectKeyIdentifier(entry.value) else {
            return "has an issuer whose subjectKeyIdentifier does not parse"
        }
        // RFC 5280, section 4.2.1.1: the value of the issuer's subjectKeyIdentifier.
        return identifier == own
            ? nil
            : "has the authorityKeyIdentifier \(hexadecimal(Array(identifier), separator: ":")), but the "
                + "subjectKeyIdentifier of its issuer is \(hexadecimal(Array(own), separator: ":"))"
    }

    private static func certificateProblem(
        _ reference: AuthorityKeyReference, _ issuer: Certificate
    ) -> String? {
        // RFC 5280, section 4.2.1.1: issuer and serial number of the issuer's certificate.
        if let serial = reference.authorityCertSerialNumber,
            !serial.drop(while: { $0 == 0 }).elementsEqual(
                issuer.serialNumber.bytes.drop(while: { $0 == 0 }))
        {
            return
                "has an authorityCertSerialNumber that is not the serial number of its issuer's certificate"
        }
        for case .directoryName(let name) in reference.authorityCertIssuer ?? []
        where !name.matches(issuer.issuer) {
            return "has an authorityCertIssuer that did not issue its issuer's certificate"
        }
        return nil
    }
}
