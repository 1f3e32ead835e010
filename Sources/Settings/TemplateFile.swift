public import Foundation
public import Issuance
internal import PKIX
public import StrictYAML
internal import SwiftASN1
internal import X509
internal import Yams

/// A custom template, as in `HSMConfig/templates/`.
public enum TemplateFile {
    /// Reads a template, and reports all faults.
    public static func parse(_ data: Data, named path: String) throws(StrictYAMLError) -> CertificateTemplate
    {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        return try StrictFile.parse(data, named: path, directory: directory) { node, _, faults in
            Reader(node, faults).template()
        }
    }

    private struct Reader {
        let top: StrictMapping
        let faults: FaultList

        init(_ node: Node, _ faults: FaultList) {
            self.faults = faults
            top = StrictMapping(
                node, path: "",
                known: [
                    "name", "version", "for", "path-length", "basic-constraints-critical", "passthrough",
                    "key-usage", "extended-key-usage", "extended-key-usage-critical", "certificate-policies",
                    "extensions", "keys", "longest-validity", NotBeforeLimit.key, "subject", "names",
                ], faults: faults)
        }

        func template() -> CertificateTemplate? {
            guard let name = top.text("name"), let role = role() else { return nil }
            if name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_-]{0,63}/) == nil {
                top.fault("`name` must be letters, digits, `_` and `-`, at most 64", at: "name")
            }
            if CertificateTemplate.aws.contains(where: { $0.name.hasPrefix("\(name)/") }) {
                top.fault("`name` is that of one of AWS's templates", at: "name")
            }
            let version = top.number("version", default: 1, in: 1...9999)
            let content = content(role)
            let template = CertificateTemplate(
                name: "\(name)/V\(version)", role: role, passthrough: passthrough(), content: content,
                rules: TemplateRuleReader(top: top, faults: faults).rules())
            // If the sample breaks a rule, every request would be refused, with an error that blames the
            // requester.
            for fault in template.faults {
                top.fault("every certificate of this template would break a rule: \(fault)", at: "name")
            }
            return template
        }

        private func role() -> CertificateTemplate.Role? {
            switch top.text("for") {
            case "end-entity": return .endEntity
            case "subordinate-ca": return .subordinateAuthority
            case nil: return nil
            default:
                top.fault("`for` must be `end-entity` or `subordinate-ca`", at: "for")
                return nil
            }
        }

        private func passthrough() -> CertificateTemplate.Passthrough {
            var passthrough: CertificateTemplate.Passthrough = []
            for node in items("passthrough") {
                switch node.scalar?.string {
                case "api": passthrough.insert(.api)
                case "csr": passthrough.insert(.csr)
                default: faults.add("`passthrough` holds `api` and `csr` only", at: node)
                }
            }
            return passthrough
        }

        private func content(_ role: CertificateTemplate.Role) -> CertificateTemplate.Content {
            let isAuthority = role == .subordinateAuthority
            if !isAuthority, top.has("path-length") {
                top.fault("`path-length` is for `subordinate-ca` only", at: "path-length")
            }
            let length = top.number("path-length", default: 0, in: 0...32)
            let isCritical = top.boolean("basic-constraints-critical", default: isAuthority)
            if isAuthority, !isCritical {
                top.fault(
                    "`basic-constraints-critical` must be true for a certificate authority (RFC 5280, section 4.2.1.9)",
                    at: "basic-constraints-critical")
            }
            return CertificateTemplate.Content(
                basicConstraints: isAuthority
                    ? .isCertificateAuthority(maxPathLength: length) : .notCertificateAuthority,
                isBasicConstraintsCritical: isCritical, keyUsage: keyUsage(isAuthority),
                extendedKeyUsage: purposes(),
                isExtendedKeyUsageCritical: top.boolean("extended-key-usage-critical", default: false),
                others: policies() + extensions())
        }

        private func keyUsage(_ isAuthority: Bool) -> KeyUsage? {
            guard top.has("key-usage") else { return nil }
            var usage = KeyUsage()
            for node in items("key-usage") {
                switch node.scalar?.string {
                case "digitalSignature": usage.digitalSignature = true
                case "nonRepudiation": usage.nonRepudiation = true
                case "keyEncipherment": usage.keyEncipherment = true
                case "dataEncipherment": usage.dataEncipherment = true
                case "keyAgreement": usage.keyAgreement = true
                case "keyCertSign": usage.keyCertSign = true
                case "cRLSign": usage.cRLSign = true
                case "encipherOnly": usage.encipherOnly = true
                case "decipherOnly": usage.decipherOnly = true
                default:
                    faults.add(
                        "`key-usage` holds the names of RFC 5280, section 4.2.1.3, such as digitalSignature",
                        at: node)
                }
            }
            if usage.keyCertSign != isAuthority {
                top.fault(
                    isAuthority
                        ? "`key-usage` lacks keyCertSign" : "`key-usage` has keyCertSign for an end entity",
                    at: "key-usage")
            }
            return usage
        }

        private func purposes() -> [ExtendedKeyUsage.Usage] {
            items("extended-key-usage").compactMap { node in
                guard let oid = node.scalar.flatMap({ ExtensionText.purpose(named: $0.string) }) else {
                    faults.add(
                        "`extended-key-usage` holds names such as serverAuth, and object identifiers",
                        at: node)
                    return nil
                }
                return ExtendedKeyUsage.Usage(oid: oid)
            }
        }

        private func policies() -> [Certificate.Extension] {
            let policies = items("certificate-policies").compactMap { node -> CertificatePolicies.Policy? in
                let entry = StrictMapping(
                    node, path: "certificate-policies", known: ["policy", "cps"], faults: faults)
                guard let oid = objectIdentifier(entry, "policy") else { return nil }
                let statement = entry.has("cps") ? entry.text("cps") : nil
                return CertificatePolicies.Policy(
                    identifier: oid, practiceStatements: statement.map { [$0] } ?? [])
            }
            guard !policies.isEmpty else { return [] }
            do { return [try CertificatePolicies(policies).makeExtension(critical: false)] } catch {
                top.fault("a `cps` must be ASCII", at: "certificate-policies")
                return []
            }
        }

        private func extensions() -> [Certificate.Extension] {
            items("extensions").compactMap { node in
                let entry = StrictMapping(
                    node, path: "extensions", known: ["oid", "critical", "value"], faults: faults)
                guard let oid = objectIdentifier(entry, "oid"), let text = entry.text("value") else {
                    return nil
                }
                if Self.ownKeys.contains(oid) {
                    entry.fault("\(ExtensionText.name(oid)) has a key of its own here", at: "oid")
                }
                guard let bytes = Data(base64Encoded: text).map(Array.init), (try? DER.parse(bytes)) != nil
                else {
                    entry.fault("`extensions.value` must be base64 of the DER of one value", at: "value")
                    return nil
                }
                return Certificate.Extension(
                    oid: oid, critical: entry.boolean("critical", default: false), value: bytes[...])
            }
        }

        private static let ownKeys: Set<ASN1ObjectIdentifier> = [
            .X509ExtensionID.basicConstraints, .X509ExtensionID.authorityKeyIdentifier,
            .X509ExtensionID.subjectKeyIdentifier, .X509ExtensionID.keyUsage,
            .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.certificatePolicies,
            .X509ExtensionID.subjectAlternativeName,
        ]

        private func objectIdentifier(_ entry: StrictMapping, _ key: String) -> ASN1ObjectIdentifier? {
            guard let text = entry.text(key) else { return nil }
            guard let oid = ASN1ObjectIdentifier(dotted: text) else {
                entry.fault(
                    "`\(entry.name(key))` must be an object identifier such as 1.3.6.1.4.1.99999.1", at: key)
                return nil
            }
            return oid
        }

        private func items(_ key: String) -> [Node] { top.has(key) ? top.list(key) : [] }
    }
}
