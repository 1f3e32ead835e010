internal import PKIX
internal import SwiftASN1
internal import X509

enum PrecertificateLint {
    // RFC 6962, section 3.1: a certificate with the poison extension is for logs and must never be used.
    static let rule = LintRule("Signet", "extensions") { subject in
        guard subject.issuance != nil, subject.entry(.X509ExtensionID.precertificatePoison) != nil else {
            return nil
        }
        return "hold the poison of a precertificate"
    }
}
