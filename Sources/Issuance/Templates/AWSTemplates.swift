internal import PKIX
internal import SwiftASN1
internal import X509

extension CertificateTemplate {
    /// The 61 templates of AWS Private CA (User Guide, "AWS Private CA template definitions"). Each line of
    /// the table is a family. Its templates differ only in passthrough.
    public static let aws: [CertificateTemplate] = families.flatMap(\.templates)

    // Each line is a row of AWS's table: name, varieties, basic constraints, key usage, extended key usage.
    private static let families: [Family] =
        [
            Family("BlankEndEntityCertificate", [.apiCSR, .api, .csr], .endEntity, nil),
            Family(
                "BlankEndEntityCertificate_CriticalBasicConstraints", [.apiCSR, .api, .csr],
                .criticalEndEntity, nil),
            Family("BlankRootCACertificate", [.api], .root(nil), nil),
            Family("BlankRootCACertificate_PathLen0", [.api], .root(0), nil),
            Family("BlankRootCACertificate_PathLen1", [.api], .root(1), nil),
            Family("BlankRootCACertificate_PathLen2", [.api], .root(2), nil),
            Family("BlankRootCACertificate_PathLen3", [.api], .root(3), nil),
        ]
        + (0...3).map {
            Family(
                "BlankSubordinateCACertificate_PathLen\($0)", [.apiCSR, .api, .csr], .subordinate($0), nil)
        }
        + [
            Family("CodeSigningCertificate", all, .endEntity, signing, critical: [.codeSigning]),
            Family("EndEntityCertificate", all, .endEntity, tls, [.serverAuth, .clientAuth]),
            Family("EndEntityClientAuthCertificate", all, .endEntity, tls, [.clientAuth]),
            Family("EndEntityServerAuthCertificate", all, .endEntity, tls, [.serverAuth]),
            Family("OCSPSigningCertificate", all, .endEntity, signing, critical: [.ocspSigning]),
            Family("RootCACertificate", [.base, .api], .root(nil), authority),
        ]
        + (0...3).map { Family("SubordinateCACertificate_PathLen\($0)", all, .subordinate($0), authority) }

    private static let all: [Variety] = [.base, .apiCSR, .api, .csr]
    private static let authority = KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true)
    private static let tls = KeyUsage(digitalSignature: true, keyEncipherment: true)
    private static let signing = KeyUsage(digitalSignature: true)
}

/// The passthrough of a template, from the ending of its name.
private enum Variety: String {
    case base = ""
    case api = "_APIPassthrough"
    case csr = "_CSRPassthrough"
    case apiCSR = "_APICSRPassthrough"

    var passthrough: CertificateTemplate.Passthrough {
        switch self {
        case .base: []
        case .api: .api
        case .csr: .csr
        case .apiCSR: [.api, .csr]
        }
    }
}

private enum Basic {
    case endEntity
    case criticalEndEntity
    case root(Int?)
    case subordinate(Int)
}

private struct Family {
    let name: String
    let varieties: [Variety]
    let basic: Basic
    let keyUsage: KeyUsage?
    let extendedKeyUsage: [ExtendedKeyUsage.Usage]
    let isCritical: Bool

    init(
        _ name: String, _ varieties: [Variety], _ basic: Basic, _ keyUsage: KeyUsage?,
        _ extendedKeyUsage: [ExtendedKeyUsage.Usage] = [], critical: [ExtendedKeyUsage.Usage] = []
    ) {
        self.name = name
        self.varieties = varieties
        self.basic = basic
        self.keyUsage = keyUsage
        self.extendedKeyUsage = extendedKeyUsage + critical
        isCritical = !critical.isEmpty
    }

    var templates: [CertificateTemplate] {
        varieties.map { variety in
            CertificateTemplate(
                name: "\(name)\(variety.rawValue)/V1", role: role, passthrough: variety.passthrough,
                content: CertificateTemplate.Content(
                    basicConstraints: constraints, isBasicConstraintsCritical: isBasicCritical,
                    keyUsage: keyUsage, extendedKeyUsage: extendedKeyUsage,
                    isExtendedKeyUsageCritical: isCritical, withheld: withheld))
        }
    }

    private var role: CertificateTemplate.Role {
        switch basic {
        case .endEntity, .criticalEndEntity: .endEntity
        case .root: .selfSignedAuthority
        case .subordinate: .subordinateAuthority
        }
    }

    private var constraints: BasicConstraints {
        switch basic {
        case .endEntity, .criticalEndEntity: .notCertificateAuthority
        case .root(let length): .isCertificateAuthority(maxPathLength: length)
        case .subordinate(let length): .isCertificateAuthority(maxPathLength: length)
        }
    }

    private var isBasicCritical: Bool { if case .endEntity = basic { false } else { true } }

    // "None" in AWS's table: roots have no CRL distribution points. They have an authority key identifier
    // only where AWS's row for RootCACertificate_APIPassthrough lets the API supply one.
    private var withheld: Set<ASN1ObjectIdentifier> {
        guard case .root = basic else { return [] }
        return keyUsage == nil
            ? [.X509ExtensionID.cRLDistributionPoints, .X509ExtensionID.authorityKeyIdentifier]
            : [.X509ExtensionID.cRLDistributionPoints]
    }
}
