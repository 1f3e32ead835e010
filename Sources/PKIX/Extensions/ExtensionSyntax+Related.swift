internal import SwiftASN1
internal import X509

extension ExtensionSyntax {
    /// Extensions of other RFCs that have their own lint rule too.
    static let related: [ExtensionSyntax] = [
        .init(.X509ExtensionID.tlsFeature, "TLS feature", "RFC 7633, section 4") {
            value throws(SyntaxFault) in _ = try TLSFeatures(derEncoded: value)
        },
        .init(.X509ExtensionID.qcStatements, "qcStatements", "RFC 3739, section 3.2.6", QCStatements.check),
        .init(
            .X509ExtensionID.ocspNoCheck, "OCSP no-check", "RFC 6960, section 4.2.2.2.1",
            BasicExtensionSyntax.checkNull),
        .init(
            .X509ExtensionID.noRevAvail, "noRevAvail", "RFC 9608, section 3", BasicExtensionSyntax.checkNull),
        .init(.X509ExtensionID.signedCertificateTimestampList, "SCT list", "RFC 6962, section 3.3") {
            value throws(SyntaxFault) in _ = try SignedCertificateTimestampList(derEncoded: value)
        },
        .init(
            .X509ExtensionID.precertificatePoison, "poison", "RFC 6962, section 3.1",
            BasicExtensionSyntax.checkNull),
        .init(
            .X509ExtensionID.proxyCertificateInformation, "proxyCertInfo", "RFC 3820, section 3.8",
            ProxyCertificateInformation.check),
        addressBlocks(.X509ExtensionID.addressBlocks, "IPAddrBlocks", "RFC 3779, section 2"),
        addressBlocks(.X509ExtensionID.addressBlocksV2, "IPAddrBlocks-v2", "RFC 8360, section 4.2.2.1"),
        autonomousSystems(.X509ExtensionID.autonomousSystems, "ASIdentifiers", "RFC 3779, section 3"),
        autonomousSystems(
            .X509ExtensionID.autonomousSystemsV2, "ASIdentifiers-v2", "RFC 8360, section 4.2.2.3"),
    ]

    private static func addressBlocks(
        _ identifier: ASN1ObjectIdentifier, _ name: String, _ source: String
    ) -> ExtensionSyntax {
        .init(identifier, name, source) { value throws(SyntaxFault) in
            _ = try IPAddressBlocks(derEncoded: value)
        }
    }

    private static func autonomousSystems(
        _ identifier: ASN1ObjectIdentifier, _ name: String, _ source: String
    ) -> ExtensionSyntax {
        .init(identifier, name, source) { value throws(SyntaxFault) in
            _ = try ASIdentifiers(derEncoded: value)
        }
    }
}
