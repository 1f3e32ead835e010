internal import PKIX
internal import X509

enum ExtensionEncodingLint {
    static let rule = LintRule("RFC 5280, section 4.1", "extensions") { subject in
        for entry in subject.certificate.extensions {
            // RFC 5280, section 4.1.2.9: extnValue holds the DER of a value.
            do throws(SyntaxFault) {
                // RFC 4518, sections 2.2 and 2.4: text must not have characters that are not shown. In an
                // unknown extension it is not known which values are text.
                if let hidden = try DERLeaves.check(entry.value), ExtensionSyntax.isKnown(entry.oid) {
                    return
                        "hold \(ExtensionSyntax.name(entry.oid)) with the character \(hidden.codePoint), which no text may hold"
                }
            } catch {
                // The rule for a known extension reports its own syntax faults.
                if ExtensionSyntax.isKnown(entry.oid), ExtensionSyntax.fault(in: entry) != nil { continue }
                return "hold \(ExtensionSyntax.name(entry.oid)), whose value is not DER: \(error)"
            }
        }
        return nil
    }
}
