internal import PKIX
internal import SwiftASN1
internal import X509

enum DistributionPointsLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.13", "cRLDistributionPoints") {
        subject in
        for (oid, name) in [
            (.X509ExtensionID.cRLDistributionPoints, "it"),
            (.X509ExtensionID.freshestCRL, "freshestCRL"),
        ] as [(ASN1ObjectIdentifier, String)] {
            guard let entry = subject.entry(oid) else { continue }
            // RFC 5280, section 4.2.1.15: freshestCRL must not be critical; section 4.2.1.13: should not.
            if entry.critical { return "is critical (\(name))" }
            do throws(SyntaxFault) {
                for (index, point) in try DistributionPoints(derEncoded: entry.value).points.enumerated() {
                    if let problem = problem(of: point) {
                        return "\(problem) (\(name), point \(index + 1))"
                    }
                }
            } catch { return "\(LintRule.syntaxProblem(entry, error)) (\(name))" }
        }
        return nil
    }

    private static func problem(of point: DistributionPoints.Point) -> String? {
        // RFC 5280, section 4.2.1.13: a point has a name, or the issuer of the CRL.
        guard point.fullName != nil || point.hasRelativeName || point.cRLIssuer != nil else {
            return "has a point without a name"
        }
        if let problem = NameSyntax.problem(in: point.fullName ?? []) { return problem }
        let issuers = point.cRLIssuer ?? []
        // RFC 5280, section 4.2.1.13: cRLIssuer holds only the name in the issuer field of the CRL.
        let areNames = issuers.allSatisfy { if case .directoryName = $0 { true } else { false } }
        if !areNames { return "has a cRLIssuer that is not a directory name" }
        if let problem = NameSyntax.problem(in: issuers) { return "\(problem) as cRLIssuer" }
        // RFC 5280, section 4.2.1.13: a relative name must be relative to exactly one name.
        return point.hasRelativeName && issuers.count > 1
            ? "has a name relative to more than one cRLIssuer" : nil
    }
}
