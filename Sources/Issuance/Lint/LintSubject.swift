internal import PKIX
internal import SwiftASN1
internal import X509

/// The input of a rule: the certificate exactly as it is or will be signed, and its issuer if known.
final class LintSubject: Sendable {
    /// Parsed with a placeholder for a key, algorithm or signature that the library does not support; see
    /// `fields` and `key`.
    let certificate: Certificate
    /// Read from the original octets.
    let fields: CertificateFields
    var key: PublicKeyKind { PublicKeyKind(fields.subjectPublicKeyInfo) }
    /// Nil for a certificate of an unknown issuer.
    let issuance: Issuance?
    let isAuthority: Bool
    let isSelfSigned: Bool
    /// Nil when it is missing or does not parse; other rules distinguish the two.
    let basicConstraints: BasicConstraints?
    let keyUsage: KeyUsage?
    /// Names parsed from their octets; nil when they do not parse.
    let issuerName: EncodedName?
    let subjectName: EncodedName?
    /// The names in extensions, in order.
    let directoryNames: [DirectoryName]

    /// Whether there is an extension with only a syntax rule; few certificates have one.
    let hasOtherKnownExtension: Bool

    struct DirectoryName: Sendable {
        let field: String
        /// Nil when it is no name.
        let name: EncodedName?
    }

    /// It is a class, because many rules use it and copying a struct would retain each of its many members.
    final class Issuance: Sendable {
        let authority: IssuingAuthority
        let signingAlgorithm: SigningAlgorithm
        /// The key usage that the template defines; nil if it comes from the request.
        let templateKeyUsage: KeyUsage?

        init(
            authority: IssuingAuthority, signingAlgorithm: SigningAlgorithm, templateKeyUsage: KeyUsage? = nil
        ) {
            self.authority = authority
            self.signingAlgorithm = signingAlgorithm
            self.templateKeyUsage = templateKeyUsage
        }
    }

    /// Nil for a certificate with parse errors outside of the key and the algorithms.
    convenience init?(_ fields: CertificateFields, der: [UInt8], issuance: Issuance?) {
        if let certificate = try? Certificate(derEncoded: der) {
            self.init(certificate, fields, isComplete: true, issuance: issuance)
        } else if let certificate = fields.parseableCopy {
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
        // For a certificate that is not signed yet, the signing key decides.
        isSelfSigned =
            fields.subject == fields.issuer
            && (issuance.map { $0.authority.subjectPublicKey.matches(certificate.publicKey) }
                ?? (isComplete
                    ? certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
                    : Self.namesOwnKey(certificate)))
    }

    /// If the signature cannot be verified, the key identifiers decide: an issuer with the same name and
    /// another key has another identifier.
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
