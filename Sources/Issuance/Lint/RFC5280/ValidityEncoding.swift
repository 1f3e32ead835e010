internal import Foundation
internal import PKIX
internal import X509

enum ValidityEncodingLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.5", "validity") { subject in
        let dates = [subject.certificate.notValidBefore, subject.certificate.notValidAfter]
        guard let times = CertificateParser.validity(subject.certificate.tbsCertificateBytes) else {
            return "does not parse"
        }
        // RFC 5280, section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
        for (time, date) in zip(times, dates) {
            // 2050-01-01T00:00:00Z
            let isLate = date.timeIntervalSince1970 >= 2_524_608_000
            if isLate != (time.tag == 0x18) {
                return isLate
                    ? "has a time after 2049 that is not a GeneralizedTime"
                    : "has a time before 2050 that is not a UTCTime"
            }
        }
        return nil
    }
}
