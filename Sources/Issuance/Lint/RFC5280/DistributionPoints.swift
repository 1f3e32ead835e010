internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let distributionPoints = LintRule("RFC 5280, section 4.2.1.13", "cRLDistributionPoints") {
        subject in
        for (oid, name) in [
            (.X509ExtensionID.cRLDistributionPoints, "it"),
            (.X509ExtensionID.freshestCRL, "freshestCRL"),
        ] as [(ASN1ObjectIdentifier, String)] {
            guard let entry = subject.entry(oid) else { continue }
            // RFC 5280, section 4.2.1.15: freshestCRL must not be critical; section 4.2.1.13: should not.
            if entry.critical { return "is critical (\(name))" }
            guard let node = try? DER.parse(entry.value), node.identifier == .sequence,
                case .constructed(let points) = node.content
            else { return "does not parse (\(name))" }
            let list = Array(points)
            // RFC 5280, section 4.2.1.13: SIZE (1..MAX), and a point has more than reasons.
            if list.isEmpty { return "is empty (\(name))" }
            for point in list {
                guard point.identifier == .sequence, case .constructed(let parts) = point.content,
                    parts.contains(where: { [0, 2].contains($0.identifier.tagNumber) })
                else { return "has a point without a name (\(name))" }
            }
        }
        return nil
    }
}
