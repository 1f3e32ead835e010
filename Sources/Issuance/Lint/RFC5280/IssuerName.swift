internal import PKIX
internal import SwiftASN1
internal import X509

enum IssuerNameLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.4", "issuer") { subject in
        // RFC 5280, section 4.1.2.4: a non-empty distinguished name.
        if subject.certificate.issuer.hasNoAttribute { return "is empty" }
        // RFC 5280, section 6.1.3 (a)(4): path validation compares it with the issuer's subject.
        guard let own = subject.issuance?.authority.certificate else { return nil }
        let name = CertificateParser.names(own.tbsCertificateBytes)?.subject
        return name == CertificateParser.names(subject.certificate.tbsCertificateBytes)?.issuer
            ? nil : "is not the subject of the issuing certificate"
    }
}
