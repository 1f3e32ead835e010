internal import SwiftASN1
internal import X509

/// The signature algorithm of a certification request.
///
/// SHA-1 is refused for every key: its collisions are practical (RFC 9155; NIST SP 800-131A rev. 2, table 8),
/// and every tool that makes requests can use SHA-256.
struct CSRSignatureAlgorithm {
    private enum Scheme {
        /// Verified by the library.
        case other
        case pss(RSASSAPSS)
    }

    private let identifier: ASN1ObjectIdentifier
    private let scheme: Scheme

    init(_ element: DERElements.Element) throws(CertificationRequestError) {
        var fields = DERElements(element.contents)
        let first = fields.next()
        if let first, first.tag == IdentifierOctet.objectIdentifier,
            let problem = DERLeaves.objectIdentifierProblem(first.contents)
        {
            throw .notDER("its signatureAlgorithm: \(problem)")
        }
        guard let first,
            let identifier = try? ASN1ObjectIdentifier(derEncoded: first.encoded)
        else { throw .notDER("its signatureAlgorithm has no object identifier") }
        self.identifier = identifier
        if Self.withSHA1.contains(identifier) {
            throw .unsupportedSignatureAlgorithm(
                "\(Self.name(identifier)); SHA-1 is taken from no key, make the request with SHA-256")
        }
        if Self.withoutParameters.contains(identifier), let parameters = fields.next() {
            throw .notDER(
                "its signature algorithm \(Self.name(identifier)) has parameters (\(DERTag(rawValue: parameters.tag).name)), "
                    + "which must be absent (RFC 5758, section 3.2; RFC 8410, section 3)")
        }
        scheme = identifier == RSASSAPSS.identifier ? .pss(try RSASSAPSS(parameters: fields.next())) : .other
    }

    var isPSS: Bool { if case .pss = scheme { true } else { false } }
    var name: String { Self.name(identifier) }

    func isValidSignature(
        of request: CertificateSigningRequest, _ parts: CertificationRequestParts,
        by key: SubjectPublicKeyInfo
    ) -> Bool {
        switch scheme {
        case .other: return request.publicKey.isValidSignature(request.signature, for: request)
        case .pss(let scheme):
            guard key.algorithm == .rsaEncryption, let key = RSAPublicKey(keyBits: Array(key.keyBits)) else {
                return false
            }
            return scheme.isValidSignature(Array(parts.signature), of: Array(parts.info), by: key)
        }
    }

    private static let withSHA1: Set<ASN1ObjectIdentifier> = [
        [1, 2, 840, 113549, 1, 1, 5], [1, 2, 840, 10045, 4, 1], [1, 3, 14, 3, 2, 29],
    ]

    private static let withoutParameters = Set(
        PublicKeyFamilies.all.filter { !$0.signaturesHaveParameters }.flatMap { $0.signatureNames.keys })

    private static func name(_ identifier: ASN1ObjectIdentifier) -> String {
        names[identifier].map { "\($0) (\(identifier.dotted))" } ?? identifier.dotted
    }

    private static let names = PublicKeyFamilies.all.reduce(into: [:]) { names, family in
        names.merge(family.signatureNames) { name, _ in name }
    }
}
