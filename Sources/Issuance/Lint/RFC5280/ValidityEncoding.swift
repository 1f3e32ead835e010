internal import Foundation
internal import PKIX
internal import X509

extension LintRule {
    static let validityEncoding = LintRule("RFC 5280, section 4.1.2.5", "validity") { subject in
        let dates = [subject.certificate.notValidBefore, subject.certificate.notValidAfter]
        guard let tags = timeTags(subject.certificate.tbsCertificateBytes) else { return "does not parse" }
        // RFC 5280, section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
        for (tag, date) in zip(tags, dates) {
            // 2050-01-01T00:00:00Z
            let isLate = date.timeIntervalSince1970 >= 2_524_608_000
            if isLate != (tag == 0x18) {
                return isLate
                    ? "has a time after 2049 that is not a GeneralizedTime"
                    : "has a time before 2050 that is not a UTCTime"
            }
        }
        return nil
    }

    /// The tags of notBefore and notAfter, which the parser that read the certificate has forgotten.
    private static func timeTags(_ tbs: ArraySlice<UInt8>) -> [UInt8]? {
        var top = DERElements(tbs)
        guard let certificate = top.next() else { return nil }
        var fields = DERElements(certificate.contents)
        // version (explicitly tagged, absent in version 1), serialNumber, signature, issuer, validity
        guard let first = fields.next() else { return nil }
        for _ in 0..<(first.tag == 0xA0 ? 3 : 2) where fields.next() == nil { return nil }
        guard let validity = fields.next() else { return nil }
        let tags = DERElements(validity.contents).map(\.tag)
        return tags.count == 2 ? tags : nil
    }
}
