internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let addressBlocks = LintRule("RFC 3779, section 2.2.3", "IPAddrBlocks") { subject in
        // RFC 8360, section 4.2.2.1: the second has the same syntax.
        for (oid, name) in [
            (.X509ExtensionID.addressBlocks, "it"), (.X509ExtensionID.addressBlocksV2, "IPAddrBlocks-v2"),
        ] as [(ASN1ObjectIdentifier, String)] {
            guard let entry = subject.entry(oid) else { continue }
            // RFC 3779, section 2.2.3: down to the leaves, and in canonical form.
            let problem = syntaxProblem(entry) { value throws(SyntaxFault) in
                _ = try IPAddressBlocks(derEncoded: value)
            }
            if let problem { return "\(problem) (\(name))" }
        }
        return nil
    }
}
