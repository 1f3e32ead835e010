public import Foundation
internal import PKIX
public import SwiftASN1
public import X509

/// Path validation (RFC 5280, section 6.1) of an authority's own certificate, by the constraints that every issuance
/// below it is held against. Signatures and names of issuers are somebody else's to check.
public enum ChainValidation {
    /// Why the certificate does not comply with those above it; nil when it does.
    /// - Parameters:
    ///   - chain: from its issuer's to the root's
    ///   - processed: the critical extensions that are understood
    public static func problem(
        _ certificate: Certificate, below chain: [Certificate], processed: Set<ASN1ObjectIdentifier>,
        at now: Date
    ) -> String? {
        let path = [certificate] + chain
        for (index, certificate) in path.enumerated() {
            let who = "the certificate of `\(certificate.subject)`"
            // RFC 5280, section 6.1.3 (a)(2); the second of notAfter belongs to it (section 4.1.2.5).
            guard certificate.notValidBefore <= now, certificate.notValidAfter.addingTimeInterval(1) > now
            else {
                return "\(who) is not valid now"
            }
            // RFC 5280, section 4.2: a critical extension that is not understood.
            if let entry = certificate.extensions.first(where: { $0.critical && !processed.contains($0.oid) })
            {
                return
                    "\(who) has a critical extension \(ExtensionText.name(entry.oid)), which is not processed"
            }
            let above = path[(index + 1)...]
            guard !above.isEmpty else { continue }
            let constraints = ChainConstraints(Array(above))
            if let defect = constraints.defect { return defect }
            // It is an authority itself, and so takes up one of the path.
            if let limit = constraints.pathLength, limit < 1 {
                return "\(who) is one authority more than a path length above allows"
            }
            let names: [GeneralName]
            do { names = try certificate.extensions.subjectAlternativeNames.map(Array.init) ?? [] } catch {
                return "\(who) has a subject alternative name that does not parse"
            }
            if let violation = constraints.violation(subject: certificate.subject, alternativeNames: names) {
                return "\(who): \(violation)"
            }
        }
        return nil
    }
}
