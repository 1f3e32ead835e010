internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    /// What is wrong with an extension that does not have its syntax, with the place in it.
    static func syntaxProblem(_ entry: Certificate.Extension, _ fault: SyntaxFault) -> String {
        // An empty SEQUENCE, which most of them must not be, is told as such.
        entry.value.elementsEqual([0x30, 0x00]) ? "is empty" : "does not parse: \(fault)"
    }

    /// The same where nothing but the syntax is asked for; nil when it is right.
    static func syntaxProblem(
        _ entry: Certificate.Extension, _ check: (ArraySlice<UInt8>) throws(SyntaxFault) -> Void
    ) -> String? {
        do { try check(entry.value) } catch { return syntaxProblem(entry, error) }
        return nil
    }
}

extension LintRule {
    /// What is wrong with the syntax of those of these extensions that the certificate has; nil when nothing is.
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
    /// Those of certificatePolicies; none when it does not parse, which a rule of its own tells.
    var policies: [QualifiedPolicies.Policy] {
        guard let entry = entry(.X509ExtensionID.certificatePolicies) else { return [] }
        return (try? QualifiedPolicies(derEncoded: entry.value).policies) ?? []
    }

    var policyMappings: [PolicyMappings.Mapping] {
        guard let entry = entry(.X509ExtensionID.policyMappings) else { return [] }
        return (try? PolicyMappings(derEncoded: entry.value).mappings) ?? []
    }
}
