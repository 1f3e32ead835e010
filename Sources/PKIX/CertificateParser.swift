internal import SwiftASN1
public import X509

/// Certificates from outside. The library takes times that no clock shows, such as 61 seconds or the 31st of February, and
/// is not made for what comes of them; here they are no certificates.
public enum CertificateParser {
    /// - Throws: ``ParseFault`` when it is not the DER of a certificate, or one of its times does not exist; another error
    ///   when the library does not take its public key
    public static func parse(_ der: [UInt8]) throws -> Certificate {
        let certificate: Certificate
        do { certificate = try Certificate(derEncoded: der) } catch {
            if let fault = DERDiagnosis(der, as: .certificate) { throw ParseFault(fault.description) }
            throw error is ASN1Error || error is CertificateError ? ParseFault(parseReason(error)) : error
        }
        guard let times = validity(certificate.tbsCertificateBytes), times.count == 2,
            times.allSatisfy({ civilTime($0) != nil })
        else {
            throw ParseFault("it has a time that does not exist (RFC 5280, section 4.1.2.5)")
        }
        return certificate
    }

    /// notBefore and notAfter of a TBSCertificate as they stand, which a parsed certificate has forgotten.
    public static func validity(_ tbs: ArraySlice<UInt8>) -> [DERElements.Element]? {
        var top = DERElements(tbs)
        guard let certificate = top.next() else { return nil }
        var fields = DERElements(certificate.contents)
        // version (explicitly tagged, absent in version 1), serialNumber, signature, issuer, validity
        guard let first = fields.next() else { return nil }
        for _ in 0..<(first.tag == 0xA0 ? 3 : 2) where fields.next() == nil { return nil }
        return fields.next().map { Array(DERElements($0.contents)) }
    }

    /// UTCTime or GeneralizedTime in the form of RFC 5280, section 4.1.2.5: with seconds, in Zulu time.
    private static func civilTime(_ element: DERElements.Element) -> CivilTime? {
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
