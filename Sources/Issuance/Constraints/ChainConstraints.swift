internal import Foundation
internal import PKIX
internal import SwiftASN1
internal import X509

/// The constraints of the certificates above a new one, from the issuer's to the root's (RFC 5280, section
/// 6.1).
struct ChainConstraints: Sendable {
    /// The maximum number of authorities in a path below the issuer; nil for no limit. The path length of
    /// each certificate above applies, reduced by one for each step down (RFC 5280, section 6.1.4 (l) and
    /// (m)).
    let pathLength: Int?
    /// The name constraints of each certificate that has them. A name must satisfy all.
    let nameConstraints: [NameConstraintCheck]
    /// The purposes of each certificate that limits them.
    let extendedKeyUsages: [Set<ASN1ObjectIdentifier>]
    /// The earliest end of the certificates, in seconds since 1970; nil without certificates.
    let notAfter: Int64?
    /// Why nothing can be issued below these certificates at all.
    let defect: String?

    init(_ certificates: [Certificate]) {
        var lengths: [Int] = []
        var names: [NameConstraintCheck] = []
        var usages: [Set<ASN1ObjectIdentifier>] = []
        var defect: String?
        for (depth, certificate) in certificates.enumerated() {
            do {
                let extensions = certificate.extensions
                guard case .isCertificateAuthority(let length) = try extensions.basicConstraints else {
                    throw Defect(reason: "is not that of a certificate authority (basicConstraints)")
                }
                if let length {
                    guard length >= 0 else { throw Defect(reason: "has a negative path length") }
                    lengths.append(length - depth)
                }
                if let usage = try extensions.keyUsage, !usage.keyCertSign {
                    throw Defect(reason: "may not sign certificates (keyUsage lacks keyCertSign)")
                }
                if let constraints = try extensions.nameConstraints {
                    // A malformed excluded subtree would exclude nothing.
                    let subtrees = constraints.permittedSubtrees + constraints.excludedSubtrees
                    if let problem = subtrees.lazy.compactMap({ NameSyntax.problem(inSubtree: $0) }).first {
                        throw Defect(reason: "\(problem) (nameConstraints)")
                    }
                    names.append(NameConstraintCheck(constraints))
                }
                if let purposes = try extensions.extendedKeyUsage {
                    usages.append(Set(purposes.map { ASN1ObjectIdentifier($0) }))
                }
            } catch let error as Defect {
                defect = defect ?? "the certificate of `\(certificate.subject)` \(error.reason)"
            } catch {
                // Constraints that cannot be parsed cannot be enforced.
                defect =
                    defect
                    ?? "the certificate of `\(certificate.subject)` has an extension that does not parse"
            }
        }
        pathLength = lengths.min()
        notAfter = certificates.map { Int64($0.notValidAfter.timeIntervalSince1970) }.min()
        nameConstraints = names
        extendedKeyUsages = usages
        self.defect = defect
    }

    /// The maximum number of comparisons for one certificate.
    private static let mostComparisons = 250_000

    private struct Defect: Error {
        let reason: String
    }

    /// How the names of a certificate break a constraint above; nil when they satisfy all.
    /// - Parameter areCommonNamesStrict: whether a common name must be clearly not a host. Otherwise only a
    ///   common name that is a host is checked, as for foreign authorities, in whose common names relying
    ///   parties do not look for hosts
    func violation(
        subject: DistinguishedName, alternativeNames: [GeneralName], areCommonNamesStrict: Bool = true
    ) -> NameConstraintViolation? {
        guard !nameConstraints.isEmpty else { return nil }
        let subtrees = nameConstraints.reduce(0) { $0 + $1.subtreeCount }
        guard (alternativeNames.count + 2) * subtrees <= Self.mostComparisons else {
            return NameConstraintViolation(
                form: "number of names", kind: .tooMany,
                name: "\(alternativeNames.count) names against \(subtrees) subtrees")
        }
        // Each name and each subtree is prepared once, not for each comparison.
        let names = ConstrainedNames(
            subject: subject, alternativeNames: alternativeNames, areCommonNamesStrict: areCommonNamesStrict)
        return nameConstraints.lazy.compactMap { $0.violation(names) }.first
    }

    /// A purpose that a certificate above does not allow; nil when there is none. OCSPSigning is exempt,
    /// because a responder answers for the authority itself (RFC 6960, section 4.2.2.2).
    func excess(_ purposes: [ExtendedKeyUsage.Usage]) -> ASN1ObjectIdentifier? {
        let any = ASN1ObjectIdentifier.ExtendedKeyUsage.any
        for allowed in extendedKeyUsages where !allowed.contains(any) {
            if let excess = purposes.map({ ASN1ObjectIdentifier($0) }).first(where: {
                !allowed.contains($0) && $0 != .ExtendedKeyUsage.ocspSigning
            }) {
                return excess
            }
        }
        return nil
    }
}
