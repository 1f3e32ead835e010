internal import PKIX
internal import X509

enum KeyIdentifiersLint {
    static let authorityKeyIdentifier = LintRule("RFC 5280, section 4.2.1.1", "authorityKeyIdentifier") {
        subject in
        guard let entry = subject.certificate.extensions[oid: .X509ExtensionID.authorityKeyIdentifier] else {
            // RFC 5280, section 4.2.1.1: only a self-signed certificate may omit it.
            return subject.isSelfSigned ? nil : "is missing"
        }
        if entry.critical { return "is marked critical" }
        let reference: AuthorityKeyReference
        do { reference = try AuthorityKeyReference(derEncoded: entry.value) } catch {
            return "does not parse: \(error)"
        }
        // RFC 5280, section 4.2.1.1: keyIdentifier must be included.
        guard let identifier = reference.keyIdentifier else { return "has no keyIdentifier" }
        if identifier.isEmpty { return "has an empty keyIdentifier" }
        guard let own = subject.issuance?.authority.keyIdentifier else { return nil }
        return Array(identifier) == own ? nil : "is not that of the issuing key"
    }

    static let subjectKeyIdentifier = LintRule("RFC 5280, section 4.2.1.2", "subjectKeyIdentifier") {
        subject in
        guard let entry = subject.certificate.extensions[oid: .X509ExtensionID.subjectKeyIdentifier] else {
            return subject.isAuthority ? "is missing in the certificate of a certificate authority" : nil
        }
        if entry.critical { return "is marked critical" }
        do {
            return try BasicExtensionSyntax.subjectKeyIdentifier(entry.value).isEmpty
                ? "has an empty key identifier" : nil
        } catch { return "does not parse: \(error)" }
    }
}
