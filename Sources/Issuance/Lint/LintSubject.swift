internal import PKIX
internal import SwiftASN1
internal import X509

/// What a rule looks at: the certificate exactly as it is or will be signed, and, when it is known, who signs it.
final class LintSubject: Sendable {
    /// With another key, algorithm and signature where those of the certificate are not read; see `fields` and `key`.
    let certificate: Certificate
    /// As the octets stand.
    let fields: CertificateFields
    var key: PublicKeyKind { PublicKeyKind(fields.subjectPublicKeyInfo) }
    /// Nil for a certificate that was signed elsewhere.
    let issuance: Issuance?
    let isAuthority: Bool
    let isSelfSigned: Bool
    /// Nil when it is missing or does not parse, which rules of their own tell apart.
    let basicConstraints: BasicConstraints?
    let keyUsage: KeyUsage?
    /// Names by their octets; nil when they are no names.
    let issuerName: EncodedName?
    let subjectName: EncodedName?
    /// Those in extensions, in their order.
    let directoryNames: [DirectoryName]

    /// Whether there is an extension of which nothing is known but its syntax: few certificates have one.
    let hasOtherKnownExtension: Bool

    struct DirectoryName: Sendable {
        let field: String
        /// Nil when it is no name.
        let name: EncodedName?
    }

    /// A class, since many rules ask for it: an authority has many members that a copy would retain.
    final class Issuance: Sendable {
        let authority: IssuingAuthority
        let signingAlgorithm: SigningAlgorithm
        /// What the template itself says of the key's usage; nil where the request says it.
        let templateKeyUsage: KeyUsage?

        init(
            authority: IssuingAuthority, signingAlgorithm: SigningAlgorithm, templateKeyUsage: KeyUsage? = nil
        ) {
            self.authority = authority
            self.signingAlgorithm = signingAlgorithm
            self.templateKeyUsage = templateKeyUsage
        }
    }

    /// Nil for a certificate of which more than the key and the algorithms does not parse.
    convenience init?(_ fields: CertificateFields, der: [UInt8], issuance: Issuance?) {
        if let certificate = try? Certificate(derEncoded: der) {
            self.init(certificate, fields, isComplete: true, issuance: issuance)
        } else if let certificate = fields.standIn {
            self.init(certificate, fields, isComplete: false, issuance: issuance)
        } else {
            return nil
        }
    }

    private init(
        _ certificate: Certificate, _ fields: CertificateFields, isComplete: Bool, issuance: Issuance?
    ) {
        self.certificate = certificate
        self.fields = fields
        self.issuance = issuance
        basicConstraints = try? certificate.extensions.basicConstraints
        keyUsage = try? certificate.extensions.keyUsage
        issuerName = EncodedName(fields.issuer)
        subjectName = EncodedName(fields.subject)
        hasOtherKnownExtension = certificate.extensions.contains {
            ExtensionSyntax.isWithoutOtherRules($0.oid)
        }
        directoryNames = certificate.extensions.flatMap { Self.directoryNames(in: $0) }
        isAuthority = if case .isCertificateAuthority = basicConstraints { true } else { false }
        // For a certificate that is not signed yet, the key that will sign it tells.
        isSelfSigned =
            fields.subject == fields.issuer
            && (issuance.map { $0.authority.subjectPublicKey.matches(certificate.publicKey) }
                ?? (isComplete
                    ? certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
                    : Self.namesOwnKey(certificate)))
    }

    /// Where the signature cannot be verified, the key identifiers tell: an issuer of the same name with another key has
    /// another identifier.
    private static func namesOwnKey(_ certificate: Certificate) -> Bool {
        guard let authority = (try? certificate.extensions.authorityKeyIdentifier)??.keyIdentifier else {
            return true
        }
        return authority == (try? certificate.extensions.subjectKeyIdentifier)??.keyIdentifier
    }

    static func directoryNames(in entry: Certificate.Extension) -> [DirectoryName] {
        guard GeneralNameElements.mayHoldDirectoryName(entry.value) else { return [] }
        var names: [DirectoryName] = []
        GeneralNameElements.forEach(in: entry) { element in
            guard element.tag == GeneralNameElements.directoryName else { return }
            names.append(
                DirectoryName(field: ExtensionText.name(entry.oid), name: EncodedName(element.contents)))
        }
        return names
    }

    func entry(_ oid: ASN1ObjectIdentifier) -> Certificate.Extension? { certificate.extensions[oid: oid] }
}
