internal import Foundation
internal import PKIX
internal import X509

extension Issuer {
    /// When a certificate begins and ends, within the limits of the template and the authority. Both are
    /// inclusive (RFC 5280, section 4.1.2.5).
    static func validity(
        _ request: IssuanceRequest, _ authority: IssuingAuthority, _ template: CertificateTemplate,
        at now: CivilTime
    ) throws(IssuanceError) -> (notBefore: CivilTime, notAfter: CivilTime) {
        guard let notAfter = request.validity.end(from: now) else {
            throw .validityMalformed(request.validity)
        }
        let notBefore = try notBefore(request, authority, template, at: now)
        guard notAfter.secondsSinceEpoch >= notBefore.secondsSinceEpoch,
            notAfter.secondsSinceEpoch >= now.secondsSinceEpoch
        else { throw .validityEmpty(notBefore: notBefore, notAfter: notAfter) }
        // Counted from the beginning if the request sets it; the default backdating does not count.
        let start = request.notBefore == nil ? now : notBefore
        let span = notAfter.secondsSinceEpoch - min(start.secondsSinceEpoch, now.secondsSinceEpoch)
        if let days = template.rules.longestValidity(at: now), span > days * 86_400 {
            throw .validityTooLong(days: days, limitedBy: "the template \(template.name)")
        }
        if template.role == .selfSignedAuthority { return (notBefore, notAfter) }
        if let end = authority.constraints.notAfter, notAfter.secondsSinceEpoch > end,
            let limit = CivilTime(secondsSinceEpoch: end)
        {
            throw .validityExceedsIssuer(requested: notAfter, limit: limit)
        }
        if let longest = authority.longestValidity, span > longest {
            throw .validityTooLong(
                days: longest / 86_400,
                limitedBy: "a certificate authority of usage mode SHORT_LIVED_CERTIFICATE")
        }
        return (notBefore, notAfter)
    }

    /// The beginning in the request; by default the backdated time, or the beginning of the issuing
    /// certificate if that is later.
    private static func notBefore(
        _ request: IssuanceRequest, _ authority: IssuingAuthority, _ template: CertificateTemplate,
        at now: CivilTime
    ) throws(IssuanceError) -> CivilTime {
        // A self-signed authority has no earlier certificate.
        let own = template.role == .selfSignedAuthority ? nil : authority.certificate?.notValidBefore
        let beginning = own.map { Int64($0.timeIntervalSince1970.rounded(.up)) } ?? .min
        guard let requested = request.notBefore else {
            let usual = max(now.secondsSinceEpoch - authority.backdate, beginning)
            guard let time = CivilTime(secondsSinceEpoch: usual) else { throw .notBeforeMalformed }
            return time
        }
        guard requested.unit == .absolute, let time = requested.end(from: now) else {
            throw .notBeforeMalformed
        }
        if time.secondsSinceEpoch < beginning, let limit = CivilTime(secondsSinceEpoch: beginning) {
            throw .validityPrecedesIssuer(requested: time, limit: limit)
        }
        let earliest = now.secondsSinceEpoch - (template.rules.longestNotBefore ?? authority.longestNotBefore)
        guard time.secondsSinceEpoch >= earliest else {
            throw .notBeforeTooEarly(
                requested: time, minutes: (now.secondsSinceEpoch - earliest) / 60,
                limitedBy: template.rules.longestNotBefore == nil
                    ? "the certificate authority" : "the template \(template.name)")
        }
        return time
    }
}
