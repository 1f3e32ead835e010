internal import PKIX
internal import X509

enum TLSFeatureLint {
    static let rule = LintRule("RFC 7633, section 4", "TLS feature") { subject in
        // RFC 7633, section 4: Features ::= SEQUENCE OF INTEGER.
        subject.entry(.X509ExtensionID.tlsFeature).flatMap {
            LintRule.syntaxProblem($0) { value throws(SyntaxFault) in _ = try TLSFeatures(derEncoded: value) }
        }
    }
}
