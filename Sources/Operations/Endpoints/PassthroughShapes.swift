internal import Foundation
internal import Issuance
internal import PKIX
internal import RecordKeeping
internal import SwiftASN1
internal import WireAPI
internal import X509

extension APIPassthrough {
    /// Encodes the members of ApiPassthrough.
    /// - Throws: `InvalidArgsException` with the member and the reason
    init(_ shape: ApiPassthrough) throws {
        self.init(subject: try shape.subject?.checked())
        guard let given = shape.extensions else { return }
        if let names = given.subjectAlternativeNames {
            subjectAlternativeNames = try names.enumerated().map { index, name in
                try name.generalName("Extensions.SubjectAlternativeNames[\(index)]")
            }
        }
        if let usage = given.keyUsage {
            extensions.append(try Certificate.Extension(usage.keyUsage, critical: true))
        }
        if let usages = given.extendedKeyUsage {
            extensions.append(try Self.extendedKeyUsage(usages))
        }
        if let policies = given.certificatePolicies {
            extensions.append(try Self.certificatePolicies(policies))
        }
        for (index, custom) in (given.customExtensions ?? []).enumerated() {
            extensions.append(try custom.makeExtension("Extensions.CustomExtensions[\(index)]"))
        }
    }

    private static func extendedKeyUsage(
        _ shapes: [ExtendedKeyUsageShape]
    ) throws -> Certificate.Extension {
        let usages = try shapes.enumerated().map { index, shape in
            let member = "Extensions.ExtendedKeyUsage[\(index)]"
            switch (shape.extendedKeyUsageType, shape.extendedKeyUsageObjectIdentifier) {
            case (let type?, nil):
                guard let oid = ExtendedKeyUsageShape.types[type] else {
                    throw invalid(member, "the type `\(type)` does not exist")
                }
                return ExtendedKeyUsage.Usage(oid: oid)
            case (nil, let text?):
                return ExtendedKeyUsage.Usage(oid: try parseOID(text, member))
            default:
                throw invalid(
                    member,
                    "give either ExtendedKeyUsageType or ExtendedKeyUsageObjectIdentifier")
            }
        }
        do { return try Certificate.Extension(ExtendedKeyUsage(usages), critical: false) } catch {
            throw invalid("Extensions.ExtendedKeyUsage", "a usage is there twice")
        }
    }

    private static func certificatePolicies(
        _ shapes: [PolicyInformation]
    ) throws -> Certificate.Extension {
        let member = "Extensions.CertificatePolicies"
        let policies = try shapes.map { shape in
            CertificatePolicies.Policy(
                identifier: try parseOID(shape.certPolicyId, member),
                practiceStatements: (shape.policyQualifiers ?? []).map(\.qualifier.cpsUri))
        }
        do { return try CertificatePolicies(policies).makeExtension(critical: false) } catch {
            throw invalid(member, "a CpsUri holds characters that an IA5String cannot")
        }
    }
}

extension ExtendedKeyUsageShape {
    /// The API's names for purposes. DOCUMENT_SIGNING is Microsoft's purpose, which is older than that of RFC
    /// 9336.
    static let types: [String: ASN1ObjectIdentifier] = [
        "SERVER_AUTH": .ExtendedKeyUsage.serverAuth, "CLIENT_AUTH": .ExtendedKeyUsage.clientAuth,
        "CODE_SIGNING": .ExtendedKeyUsage.codeSigning,
        "EMAIL_PROTECTION": .ExtendedKeyUsage.emailProtection,
        "TIME_STAMPING": .ExtendedKeyUsage.timeStamping, "OCSP_SIGNING": .ExtendedKeyUsage.ocspSigning,
        "SMART_CARD_LOGIN": [1, 3, 6, 1, 4, 1, 311, 20, 2, 2],
        "DOCUMENT_SIGNING": [1, 3, 6, 1, 4, 1, 311, 10, 3, 12],
        "CERTIFICATE_TRANSPARENCY": .ExtendedKeyUsage.certificateTransparency,
    ]
}

extension KeyUsageShape {
    /// As DER has it, without the zero bits at the end (X.690, section 11.2.2).
    var keyUsage: KeyUsage {
        KeyUsage(
            digitalSignature: digitalSignature ?? false, nonRepudiation: nonRepudiation ?? false,
            keyEncipherment: keyEncipherment ?? false, dataEncipherment: dataEncipherment ?? false,
            keyAgreement: keyAgreement ?? false, keyCertSign: keyCertSign ?? false, cRLSign: cRLSign ?? false,
            encipherOnly: encipherOnly ?? false, decipherOnly: decipherOnly ?? false)
    }

    init(_ usage: KeyUsage) {
        self.init()
        digitalSignature = usage.digitalSignature
        nonRepudiation = usage.nonRepudiation
        keyEncipherment = usage.keyEncipherment
        dataEncipherment = usage.dataEncipherment
        keyAgreement = usage.keyAgreement
        keyCertSign = usage.keyCertSign
        cRLSign = usage.cRLSign
        encipherOnly = usage.encipherOnly
        decipherOnly = usage.decipherOnly
    }
}

extension CustomExtension {
    fileprivate func makeExtension(_ member: String) throws -> Certificate.Extension {
        let oid = try parseOID(objectIdentifier, member)
        guard let bytes = Data(base64Encoded: value).map(Array.init), (try? DER.parse(bytes)) != nil else {
            throw invalid(member, "the Value of \(objectIdentifier) is not the DER of one value")
        }
        return Certificate.Extension(oid: oid, critical: critical ?? false, value: bytes[...])
    }
}

extension NameConstraintsShape {
    /// The extension: critical, as RFC 5280, section 4.2.1.10, demands.
    func makeExtension() throws -> Certificate.Extension {
        let constraints = NameConstraints(
            permittedSubtrees: try permitted?.generalNames("NameConstraints.Permitted") ?? [],
            excludedSubtrees: try excluded?.generalNames("NameConstraints.Excluded") ?? [])
        guard !constraints.permittedSubtrees.isEmpty || !constraints.excludedSubtrees.isEmpty else {
            throw invalid("NameConstraints", "nothing is permitted or excluded")
        }
        return try Certificate.Extension(constraints, critical: true)
    }
}

extension NameConstraintsShape.Subtrees {
    fileprivate func generalNames(_ member: String) throws -> [GeneralName] {
        var names: [GeneralName] = []
        for name in dnsNames ?? [] { names.append(.dnsName(try ascii(name, "\(member).DnsNames"))) }
        for range in ipRanges ?? [] {
            guard let octets = IPAddress.range(range) else {
                throw invalid(
                    "\(member).IpRanges", "`\(range)` is not a range such as 10.0.0.0/8 or 2001:db8::/32")
            }
            names.append(.ipAddress(ASN1OctetString(contentBytes: octets[...])))
        }
        for name in emailAddresses ?? [] {
            names.append(.rfc822Name(try ascii(name, "\(member).EmailAddresses")))
        }
        for name in uriDomains ?? [] {
            names.append(.uniformResourceIdentifier(try ascii(name, "\(member).UriDomains")))
        }
        for name in directoryNames ?? [] {
            let name = try name.name("\(member).DirectoryNames")
            // An empty name would match every name.
            guard !name.hasNoAttribute else { throw invalid("\(member).DirectoryNames", "a name is empty") }
            names.append(.directoryName(name))
        }
        return names
    }
}

/// The error for an invalid argument.
func invalid(_ member: String, _ reason: String) -> CAError {
    .invalidArguments("\(member): \(reason)")
}

func parseOID(_ text: String, _ member: String) throws -> ASN1ObjectIdentifier {
    guard let oid = ASN1ObjectIdentifier(dotted: text) else {
        throw invalid(member, "`\(text)` is not an object identifier")
    }
    return oid
}

/// Requires ASCII, the characters of an IA5String.
func ascii(_ text: String, _ member: String) throws -> String {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
        throw invalid(
            member, "`\(text)` holds characters that are not ASCII; write an A-label or escape them")
    }
    return text
}
