internal import SwiftASN1
internal import X509

extension LintRule {
    static let extensionEncoding = LintRule("RFC 5280, section 4.1", "extensions") { subject in
        // RFC 5280, section 4.1.2.9: extnValue holds the DER of a value.
        for entry in subject.certificate.extensions where (try? DER.parse(entry.value)) == nil {
            return "hold \(entry.oid), whose value is not DER"
        }
        return nil
    }
}
