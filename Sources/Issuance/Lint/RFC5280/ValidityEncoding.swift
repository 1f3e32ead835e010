internal import Foundation
internal import SwiftASN1
internal import X509

extension LintRule {
    static let validityEncoding = LintRule("RFC 5280, section 4.1.2.5", "validity") { subject in
        // RFC 5280, section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
        var tags: [ASN1Identifier] = []
        do {
            try DER.sequence(
                DER.parse(subject.certificate.tbsCertificateBytes), identifier: .sequence
            ) { nodes in
                while let node = nodes.next() {
                    // The one SEQUENCE of the certificate whose first part is a time.
                    guard node.identifier == .sequence, case .constructed(let parts) = node.content,
                        let first = parts.first(where: { _ in true }),
                        [.utcTime, .generalizedTime].contains(first.identifier)
                    else { continue }
                    tags = parts.map(\.identifier)
                }
            }
        } catch { return "does not parse" }
        let dates = [subject.certificate.notValidBefore, subject.certificate.notValidAfter]
        guard tags.count == 2 else { return "is not two times" }
        for (tag, date) in zip(tags, dates) {
            // 2050-01-01T00:00:00Z
            let isLate = date.timeIntervalSince1970 >= 2_524_608_000
            if isLate != (tag == .generalizedTime) {
                return isLate
                    ? "has a time after 2049 that is not a GeneralizedTime"
                    : "has a time before 2050 that is not a UTCTime"
            }
        }
        return nil
    }
}
