internal import PKIX
internal import SwiftASN1

enum SignatureDigestLint {
    // RFC 5280 forbids no digest. With a digest that has collisions, a signature can be moved to another
    // certificate. Relying parties do not check the signature of a self-signed certificate.
    static let rule = LintRule("Signet", "signatureAlgorithm") { subject in
        // At issuance, another rule checks the algorithm against the issuing key.
        guard subject.issuance == nil, !subject.isSelfSigned else { return nil }
        return SignatureDigest.weakName(subject.fields.signatureAlgorithm).map { "is made with \($0)" }
    }
}

private enum SignatureDigest {
    /// The name of a digest that must not be trusted in signatures any more (RFC 6149, RFC 6150, RFC 6151,
    /// RFC 6194).
    static func weakName(_ identifier: ArraySlice<UInt8>) -> String? {
        guard var parts = try? DERReader(identifier, as: .sequence, ""),
            let oid = try? parts.objectIdentifier("algorithm")
        else { return nil }
        return oid == rsassaPSS ? pssDigest(&parts) : weak[oid]
    }

    private static let rsassaPSS: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 10]

    // RFC 3279, section 2.2, and RFC 8017, appendix A.2.4.
    private static let weak: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 113549, 1, 1, 2]: "MD2", [1, 2, 840, 113549, 1, 1, 3]: "MD4",
        [1, 2, 840, 113549, 1, 1, 4]: "MD5", [1, 2, 840, 113549, 1, 1, 5]: "SHA-1",
        [1, 3, 14, 3, 2, 29]: "SHA-1", [1, 2, 840, 10040, 4, 3]: "SHA-1", [1, 2, 840, 10045, 4, 1]: "SHA-1",
    ]

    /// RFC 4055, section 3.1: hashAlgorithm [0], and SHA-1 where it is absent.
    private static func pssDigest(_ parts: inout DERReader) -> String? {
        guard let sequence = try? parts.next(.sequence, "parameters") else { return "SHA-1" }
        var parameters = DERReader(sequence, "parameters")
        guard let hash = try? parameters.optional(.constructedContext(0), "hashAlgorithm") else {
            return "SHA-1"
        }
        var tagged = DERReader(hash, "hashAlgorithm")
        guard let algorithm = try? tagged.next(.sequence, nil) else { return nil }
        var reader = DERReader(algorithm, "hashAlgorithm")
        // RFC 3279, section 2.2.1: id-sha1.
        return (try? reader.objectIdentifier("algorithm")) == [1, 3, 14, 3, 2, 26] ? "SHA-1" : nil
    }
}
