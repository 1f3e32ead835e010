internal import PKIX
internal import SwiftASN1
internal import X509

enum ResourcesWithinAuthorityLint {
    static let addresses = LintRule("RFC 3779, section 2.3", "IPAddrBlocks") { subject in
        excess(subject, .X509ExtensionID.addressBlocks) { value in
            (try? IPAddressBlocks(derEncoded: value))?.resources
        }
    }

    static let numbers = LintRule("RFC 3779, section 3.3", "ASIdentifiers") { subject in
        excess(subject, .X509ExtensionID.autonomousSystems) { value in
            (try? ASIdentifiers(derEncoded: value))?.resources
        }
    }

    /// RFC 3779, sections 2.3 and 3.3: a certificate has no resources that the certificate above it lacks,
    /// and a root inherits none. OpenSSL rejects other paths.
    /// - Parameter read: the ranges of each family, nil for inherited ones; nil when the value does not
    ///   parse, which another rule reports
    private static func excess<Family: Hashable, Bound: Comparable>(
        _ subject: LintSubject, _ oid: ASN1ObjectIdentifier,
        _ read: (ArraySlice<UInt8>) -> [Family: [ClosedRange<Bound>]?]?
    ) -> String? {
        guard let authority = subject.issuance?.authority, let entry = subject.entry(oid),
            let wanted = read(entry.value)
        else { return nil }
        if subject.isSelfSigned, subject.isAuthority {
            return wanted.values.contains { $0 == nil } ? "inherits, and there is no certificate above" : nil
        }
        let above = (authority.certificate.map { [$0] } ?? []) + authority.ancestors
        var held: [Family: [ClosedRange<Bound>]] = [:]
        for (index, certificate) in above.reversed().enumerated() {
            var own: [Family: [ClosedRange<Bound>]] = [:]
            for (family, ranges) in certificate.extensions[oid: oid].flatMap({ read($0.value) }) ?? [:] {
                guard let ranges else {
                    own[family] = held[family]
                    continue
                }
                if index == 0 || isWithin(ranges, held[family]) { own[family] = ranges }
            }
            held = own
        }
        for (family, ranges) in wanted where !isWithin(ranges ?? [], held[family]) {
            return "has resources that the issuing certificates do not have"
        }
        return nil
    }

    /// Both lists are in canonical form, so that an allowed range lies within a single range of the
    /// authority.
    private static func isWithin<Bound: Comparable>(
        _ ranges: [ClosedRange<Bound>], _ others: [ClosedRange<Bound>]?
    ) -> Bool {
        guard let others else { return false }
        return ranges.allSatisfy { range in
            others.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
        }
    }
}
