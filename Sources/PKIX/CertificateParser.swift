public import SwiftASN1
public import X509

/// Parses certificates from outside. The library accepts times that do not exist, such as 61 seconds or the
/// 31st of February, and behaves unpredictably with them. This parser refuses such certificates.
public enum CertificateParser {
    /// - Throws: the place and the fault, if `der` is not the DER of a certificate, if one of its times does
    ///   not exist, or if its key is of an unsupported kind
    public static func parse(_ der: [UInt8]) throws(SyntaxFault) -> Certificate {
        try parse(der, CertificateFields(derEncoded: der))
    }

    /// The same for a certificate whose fields were read before.
    public static func parse(
        _ der: [UInt8], _ fields: CertificateFields
    ) throws(SyntaxFault) -> Certificate {
        do { return try Certificate(derEncoded: der) } catch { throw fault(fields, error) }
    }

    /// The part of a certificate that the library refused, found by parsing the parts separately.
    private static func fault(_ fields: CertificateFields, _ error: any Error) -> SyntaxFault {
        for (name, place) in [(fields.issuer, "issuer"), (fields.subject, "subject")]
        where !isName(name) {
            return SyntaxFault(
                place: "tbsCertificate.\(place)", problem: "is not a Name in the order and the forms of DER")
        }
        if (try? Certificate.PublicKey(derEncoded: Array(fields.subjectPublicKeyInfo))) == nil {
            return SyntaxFault(
                place: "tbsCertificate.subjectPublicKeyInfo",
                problem:
                    "is malformed or not supported: \(PublicKeyKind(fields.subjectPublicKeyInfo)); keys are "
                    + "RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519")
        }
        if fields.signature != fields.signatureAlgorithm {
            return SyntaxFault(
                place: "signatureAlgorithm", problem: "is not the algorithm in tbsCertificate.signature")
        }
        if let oid = fields.duplicateExtension {
            return SyntaxFault(
                place: "tbsCertificate.extensions", problem: "hold \(ExtensionText.name(oid)) twice")
        }
        return SyntaxFault(place: "", problem: "is not read: \(parseReason(error))")
    }

    private static func isName(_ der: ArraySlice<UInt8>) -> Bool {
        // The compiler prefers the library's deprecated initializer unless the type is written out.
        let name: (ASN1Node) throws -> DistinguishedName = DistinguishedName.init(derEncoded:)
        return (try? name(DER.parse(der))) != nil
    }

    /// The encodings of notBefore and notAfter in a TBSCertificate, which a parsed certificate does not keep.
    /// Nil when `tbs` is too short.
    public static func validity(_ tbs: ArraySlice<UInt8>) -> [DERElements.Element]? {
        var top = DERElements(tbs)
        guard let certificate = top.next() else { return nil }
        var fields = DERElements(certificate.contents)
        // version (explicitly tagged, absent in version 1), serialNumber, signature, issuer, validity
        guard let first = fields.next() else { return nil }
        for _ in 0..<(first.tag == 0xA0 ? 3 : 2) where fields.next() == nil { return nil }
        return fields.next().map { Array(DERElements($0.contents)) }
    }

    /// The DER of issuer and subject of a TBSCertificate. A parsed certificate has repaired their strings.
    public static func names(
        _ tbs: ArraySlice<UInt8>
    ) -> (issuer: ArraySlice<UInt8>, subject: ArraySlice<UInt8>)? {
        var top = DERElements(tbs)
        guard let certificate = top.next() else { return nil }
        var fields = DERElements(certificate.contents)
        // version (explicitly tagged, absent in version 1), serialNumber, signature, issuer, validity,
        // subject
        guard let first = fields.next() else { return nil }
        for _ in 0..<(first.tag == 0xA0 ? 2 : 1) where fields.next() == nil { return nil }
        guard let issuer = fields.next(), fields.next() != nil, let subject = fields.next() else {
            return nil
        }
        return (issuer.encoded, subject.encoded)
    }

    /// UTCTime or GeneralizedTime in the form of RFC 5280, section 4.1.2.5: with seconds, in Zulu time.
    static func civilTime(_ element: DERElements.Element) -> CivilTime? {
        var digits = element.contents
        let isShort = element.tag == 0x17
        guard isShort || element.tag == 0x18, digits.popLast() == UInt8(ascii: "Z"),
            digits.count == (isShort ? 12 : 14), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        func pair() -> Int { Int(digits.removeFirst() - 0x30) * 10 + Int(digits.removeFirst() - 0x30) }
        let first = pair()
        // RFC 5280, section 4.1.2.5.1: 50 and more are years of the 20th century.
        let year = isShort ? first + (first >= 50 ? 1900 : 2000) : first * 100 + pair()
        return CivilTime(
            year: year, month: pair(), day: pair(), hours: pair(), minutes: pair(), seconds: pair())
    }
}

extension CertificateFields {
    /// The first extension that is repeated; nil when there is none.
    public var duplicateExtension: ASN1ObjectIdentifier? {
        var seen = Set<ArraySlice<UInt8>>(minimumCapacity: extensions.count)
        guard let second = extensions.first(where: { !seen.insert($0.identifier).inserted }) else {
            return nil
        }
        return try? ASN1ObjectIdentifier(derEncoded: Array(second.identifier))
    }
}
