internal import PKIX
internal import SwiftASN1
internal import X509

enum NoRevocationAvailableLint {
    static let rule = LintRule("RFC 9608, section 4", "noRevAvail") { subject in
        guard let entry = subject.entry(.X509ExtensionID.noRevAvail) else { return nil }
        // RFC 9608, section 3: not critical, and a NULL.
        if entry.critical { return "is critical" }
        if let problem = LintRule.syntaxProblem(entry, BasicExtensionSyntax.checkNull) { return problem }
        // RFC 9608, section 4: not in the certificate of an authority.
        if subject.isAuthority { return "stands in the certificate of a certificate authority" }
        // RFC 9608, section 4: no pointer to revocation information is present.
        for oid in [.X509ExtensionID.cRLDistributionPoints, .X509ExtensionID.freshestCRL]
            as [ASN1ObjectIdentifier] where subject.entry(oid) != nil
        {
            return "stands beside \(ExtensionText.name(oid))"
        }
        // RFC 9608, section 4: no OCSP responder is named either.
        let access = subject.entry(.X509ExtensionID.authorityInformationAccess).flatMap {
            try? AccessDescriptions(derEncoded: $0.value)
        }
        let hasResponder = access?.list.contains { $0.method == [1, 3, 6, 1, 5, 5, 7, 48, 1] }
        return hasResponder == true ? "stands beside the address of an OCSP responder" : nil
    }
}
