internal import PKIX
internal import X509

enum AddressBlocksLint {
    // Complete syntax in canonical form. RFC 8360, section 4.2.2.1, gives the second extension the same
    // syntax.
    static let rule = LintRule("RFC 3779, section 2.2.3", "IPAddrBlocks") { subject in
        LintRule.syntaxProblem(
            in: subject, of: [.X509ExtensionID.addressBlocks, .X509ExtensionID.addressBlocksV2])
    }
}
