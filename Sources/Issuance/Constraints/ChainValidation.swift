public import Foundation
internal import PKIX
public import SwiftASN1
public import X509

/// Path validation (RFC 5280, section 6.1) of an authority's own certificate, by the constraints that every
/// issuance below it is checked against. The caller checks signatures and names of issuers.
public enum ChainValidation {
    /// Why the certificate does not comply with those above it, or why nothing could be issued below it; nil
    /// when it does.
    /// - Parameters:
    ///   - chain: from its issuer's to the root's; empty for a root
    ///   - processed: the critical extensions that are understood
    public static func problem(
        _ certificate: Certificate, below chain: [Certificate], processed: Set<ASN1ObjectIdentifier>,
        at now: Date
    ) -> String? {
        let path = [certificate] + chain
        for (index, certificate) in path.enumerated() {
            let place = "the certificate of `\(certificate.subject)`"
            // RFC 5280, section 6.1.3 (a)(2)
            guard isValid(certificate, at: now) else { return "\(place) is not valid now" }
            // RFC 5280, section 4.2: a critical extension that is not understood.
            if let entry = certificate.extensions.first(where: { $0.critical && !processed.contains($0.oid) })
            {
                return
                    "\(place) has a critical extension \(ExtensionText.name(entry.oid)), which is not processed"
            }
            // The root is its own issuer.
            let issuer = index + 1 < path.count ? path[index + 1] : certificate
            if let problem = AuthorityKeyCheck.problem(certificate, issuedBy: issuer) {
                return "\(place) \(problem)"
            }
            let above = path[(index + 1)...]
            if !above.isEmpty, let problem = problem(certificate, below: ChainConstraints(Array(above))) {
                return problem
            }
        }
        // Its own constraints apply to certificates below it.
        return ChainConstraints(path).defect
    }

    /// RFC 5280, section 4.1.2.5: from notBefore through notAfter, inclusive, in seconds.
    public static func isValid(_ certificate: Certificate, at now: Date) -> Bool {
        certificate.notValidBefore <= now
            && certificate.notValidAfter.timeIntervalSince1970 >= now.timeIntervalSince1970.rounded(.down)
    }

    private static func problem(
        _ certificate: Certificate, below constraints: ChainConstraints
    ) -> String? {
        let place = "the certificate of `\(certificate.subject)`"
        if let defect = constraints.defect { return defect }
        // It is an authority itself, and so uses one of the path length.
        if let limit = constraints.pathLength, limit < 1 {
            return "\(place) is one authority more than a path length above allows"
        }
        let names: [GeneralName]
        do { names = try certificate.extensions.subjectAlternativeNames.map(Array.init) ?? [] } catch {
            return "\(place) has a subject alternative name that does not parse"
        }
        if let violation = constraints.violation(
            subject: certificate.subject, alternativeNames: names, areCommonNamesStrict: false)
        {
            return "\(place): \(violation)"
        }
        do {
            // As at issuance, a purpose above limits the purposes below.
            guard let purposes = try certificate.extensions.extendedKeyUsage,
                let excess = constraints.excess(Array(purposes))
            else { return nil }
            return "\(place) has the purpose \(ExtensionText.purpose(excess)), which a certificate above "
                + "does not allow"
        } catch { return "\(place) has an extKeyUsage that does not parse" }
    }
}
