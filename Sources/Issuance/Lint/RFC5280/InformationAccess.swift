internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let informationAccess = LintRule("RFC 5280, section 4.2.2", "information access") { subject in
        for oid in [
            .X509ExtensionID.authorityInformationAccess, .X509ExtensionID.subjectInformationAccess,
        ] as [ASN1ObjectIdentifier] {
            guard let entry = subject.entry(oid) else { continue }
            // RFC 5280, sections 4.2.2.1 and 4.2.2.2: must not be critical.
            if entry.critical { return "is critical (\(oid))" }
            do {
                let count = try DER.sequence(DER.parse(entry.value), identifier: .sequence) { nodes in
                    var count = 0
                    while let node = nodes.next() {
                        try DER.sequence(node, identifier: .sequence) { parts in
                            _ = try ASN1ObjectIdentifier(derEncoded: &parts)
                            _ = try GeneralName(derEncoded: &parts)
                        }
                        count += 1
                    }
                    return count
                }
                if count == 0 { return "is empty (\(oid))" }
            } catch { return "does not parse (\(oid))" }
        }
        return nil
    }
}
