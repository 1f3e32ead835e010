internal import Audit
internal import Authorities
internal import Authorization
internal import Issuance
internal import PKIX
internal import SwiftASN1
internal import WireAPI
internal import X509

enum TemplateOperations {
    static let all: [Endpoint] = [
        listTemplates
    ]

    static let listTemplates = Endpoint(ListTemplatesOperation.self) { _, call in
        let authorized = try await call.authorize(ListTemplates.Request())
        return try await call.authorities.listTemplates(authorized, for: call.event).map {
            .init(templates: $0.map(TemplateShape.init))
        }
    }
}

extension TemplateShape {
    fileprivate init(_ entry: TemplateCatalog.Entry) {
        let template = entry.template
        let sources = template.passthrough
        self.init(
            arn: entry.arn, role: template.role.wireName,
            passthrough: (sources.contains(.api) ? ["API"] : []) + (sources.contains(.csr) ? ["CSR"] : []),
            subjectFrom: sources.contains(.api) ? "API, or else CSR" : "CSR",
            extensions: Self.extensions(template), rules: template.rules.descriptions)
    }

    private static func extensions(_ template: CertificateTemplate) -> [Extension] {
        let content = template.content
        var list = [
            Extension(
                name: "basicConstraints", critical: content.isBasicConstraintsCritical,
                value: ExtensionText.basicConstraints(content.basicConstraints))
        ]
        if template.role != .selfSignedAuthority {
            list.append(
                Extension(
                    name: "authorityKeyIdentifier", critical: false, value: "that of the issuing certificate")
            )
        }
        list.append(
            Extension(name: "subjectKeyIdentifier", critical: false, value: "SHA-1 of the public key"))
        if let usage = content.keyUsage {
            list.append(
                Extension(name: "keyUsage", critical: true, value: ExtensionText.keyUsage(usage)))
        }
        if !content.extendedKeyUsage.isEmpty {
            let purposes = content.extendedKeyUsage.map { ExtensionText.purpose(ASN1ObjectIdentifier($0)) }
            list.append(
                Extension(
                    name: "extKeyUsage", critical: content.isExtendedKeyUsageCritical,
                    value: purposes.joined(separator: ", ")))
        }
        return list
            + content.others.map {
                Extension(
                    name: ExtensionText.name($0.oid), critical: $0.critical, value: ExtensionText.value($0))
            }
    }
}

extension CertificateTemplate.Role {
    fileprivate var wireName: String {
        switch self {
        case .selfSignedAuthority: "ROOT_CA"
        case .subordinateAuthority: "SUBORDINATE_CA"
        case .endEntity: "END_ENTITY"
        }
    }
}

extension TemplateRules {
    fileprivate var descriptions: [String] {
        var list: [String] = []
        if let keys {
            list.append("keys: \(keys.map(\.rawValue).sorted().joined(separator: ", "))")
        }
        for limit in longestValidities {
            let start = CivilTime(secondsSinceEpoch: limit.from).map { "\($0)" } ?? "ever"
            list.append(
                limit.from == .min
                    ? "at most \(limit.days) days" : "from \(start) on at most \(limit.days) days")
        }
        if !subject.required.isEmpty {
            list.append("subject has: \(Self.names(subject.required))")
        }
        if let allowed = subject.allowed { list.append("subject has only: \(Self.names(allowed))") }
        for (type, value) in subject.values.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            list.append("subject \(AttributeName.name(type)) is: \(value)")
        }
        if names.isRequired { list.append("subject alternative names: at least one") }
        if let most = names.most { list.append("subject alternative names: at most \(most)") }
        if !names.allowsWildcards { list.append("dns names: no wildcards") }
        if names.patterns != nil { list.append("subject alternative names: only those that follow") }
        for form in Form.allCases {
            if let patterns = names.patterns?[form], !patterns.isEmpty {
                list.append("\(form.rawValue) names: \(patterns.joined(separator: ", "))")
            }
        }
        return list
    }

    private static func names(_ types: Set<ASN1ObjectIdentifier>) -> String {
        types.map(AttributeName.name).sorted().joined(separator: ", ")
    }
}
