internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    /// The fault of an extension with invalid syntax, with its place.
    static func syntaxProblem(_ entry: Certificate.Extension, _ fault: SyntaxFault) -> String {
        // An empty SEQUENCE, which most extensions must not be, has its own message.
        entry.value.elementsEqual([0x30, 0x00]) ? "is empty" : "does not parse: \(fault)"
    }

    /// The same for extensions with only a syntax rule; nil when the syntax is valid.
    static func syntaxProblem(
        _ entry: Certificate.Extension, _ check: (ArraySlice<UInt8>) throws(SyntaxFault) -> Void
    ) -> String? {
        do { try check(entry.value) } catch { return syntaxProblem(entry, error) }
        return nil
    }
}

extension LintRule {
    /// The syntax fault of any of these extensions in the certificate; nil when there is none.
    static func syntaxProblem(
        in subject: LintSubject, of identifiers: [ASN1ObjectIdentifier]
    ) -> String? {
        for identifier in identifiers {
            guard let entry = subject.entry(identifier), let fault = ExtensionSyntax.fault(in: entry) else {
                continue
            }
            return "\(syntaxProblem(entry, fault)), in \(ExtensionSyntax.name(identifier))"
        }
        return nil
    }
}

extension QualifiedPolicies.Policy {
    var explicitTexts: [QualifiedPolicies.DisplayText] {
        qualifiers.compactMap { if case .userNotice(let notice) = $0 { notice.explicitText } else { nil } }
    }
}

extension LintSubject {
    /// The policies of certificatePolicies; empty when it does not parse, which another rule reports.
    var policies: [QualifiedPolicies.Policy] {
        guard let entry = entry(.X509ExtensionID.certificatePolicies) else { return [] }
        return (try? QualifiedPolicies(derEncoded: entry.value).policies) ?? []
    }

    var policyMappings: [PolicyMappings.Mapping] {
        guard let entry = entry(.X509ExtensionID.policyMappings) else { return [] }
        return (try? PolicyMappings(derEncoded: entry.value).mappings) ?? []
    }
}
