internal import PKIX
internal import X509

enum BasicConstraintsLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.9", "basicConstraints") { subject in
        guard let entry = subject.certificate.extensions[oid: .X509ExtensionID.basicConstraints] else {
            // RFC 5280 does not require it in end-entity certificates; Signet's own certificates have it.
            return subject.issuance == nil ? nil : "is missing"
        }
        // RFC 5280, section 4.2.1.9: pathLenConstraint is INTEGER (0..MAX), and is present with cA only.
        do { try BasicExtensionSyntax.checkBasicConstraints(entry.value) } catch {
            return "does not parse: \(error)"
        }
        guard let constraints = subject.basicConstraints else { return "does not parse" }
        guard case .isCertificateAuthority(let length) = constraints else { return nil }
        // RFC 5280, section 4.2.1.9: critical in the certificate of a certificate authority.
        if !entry.critical { return "is not critical in the certificate of a certificate authority" }
        // RFC 5280, section 6.1.4 (l) and (m): each authority below reduces the path length by one.
        if !subject.isSelfSigned, let limit = subject.issuance?.authority.constraints.pathLength,
            limit < 1 || (length ?? .max) > limit - 1
        {
            return "allows a longer path than the issuing certificate, which allows \(limit)"
        }
        return nil
    }
}
