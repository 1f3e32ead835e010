internal import SwiftASN1
internal import X509

extension LintRule {
    static let uniqueExtensions = LintRule("RFC 5280, section 4.2", "extensions") { subject in
        var seen = Set<ASN1ObjectIdentifier>(minimumCapacity: subject.certificate.extensions.count)
        for entry in subject.certificate.extensions where !seen.insert(entry.oid).inserted {
            return "hold \(entry.oid) twice"
        }
        return nil
    }
}
