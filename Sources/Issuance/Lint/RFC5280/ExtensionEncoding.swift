internal import PKIX
internal import X509

extension LintRule {
    static let extensionEncoding = LintRule("RFC 5280, section 4.1", "extensions") { subject in
        for entry in subject.certificate.extensions {
            // Of extensions whose syntax is known, rules of their own tell the rest.
            if ExtensionSyntax.isKnown(entry.oid) {
                guard !DERLeaves.hasReadableObjectIdentifiers(entry.value) else { continue }
                return
                    "hold \(ExtensionText.name(entry.oid)), which has an object identifier that is malformed, or longer than "
                    + "the \(DERLeaves.longestObjectIdentifier) octets that other readers take"
            }
            // RFC 5280, section 4.1.2.9: extnValue holds the DER of a value.
            do throws(SyntaxFault) { try DERLeaves.check(entry.value) } catch {
                return "hold \(entry.oid.dotted), whose value is not DER: \(error)"
            }
        }
        return nil
    }
}
