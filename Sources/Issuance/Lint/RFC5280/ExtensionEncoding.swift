internal import PKIX
internal import X509

extension LintRule {
    static let extensionEncoding = LintRule("RFC 5280, section 4.1", "extensions") { subject in
        for entry in subject.certificate.extensions {
            // RFC 5280, section 4.1.2.9: extnValue holds the DER of a value.
            do throws(SyntaxFault) { try DERLeaves.check(entry.value) } catch {
                // Rules of their own tell of a known syntax that is broken.
                if ExtensionSyntax.isKnown(entry.oid), ExtensionSyntax.fault(in: entry) != nil { continue }
                return "hold \(ExtensionSyntax.name(entry.oid)), whose value is not DER: \(error)"
            }
        }
        return nil
    }
}
