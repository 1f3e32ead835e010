public import SwiftASN1
public import X509

extension ASN1ObjectIdentifier.X509ExtensionID {
    /// RFC 5280, appendix A.2
    public static let privateKeyUsagePeriod: ASN1ObjectIdentifier = [2, 5, 29, 16]
    /// RFC 9608, section 3
    public static let noRevAvail: ASN1ObjectIdentifier = [2, 5, 29, 56]
    /// RFC 7633, section 4
    public static let tlsFeature: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 24]
    /// RFC 3739, section 3.2.6
    public static let qcStatements: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 3]
    /// RFC 6960, section 4.2.2.2.1
    public static let ocspNoCheck: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 5]
    /// RFC 6962, section 3.3
    public static let signedCertificateTimestampList: ASN1ObjectIdentifier = [
        1, 3, 6, 1, 4, 1, 11129, 2, 4, 2,
    ]
    /// RFC 6962, section 3.1
    public static let precertificatePoison: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 3]
    /// RFC 3820, section 3.8
    public static let proxyCertificateInformation: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 14]
    /// RFC 3779, section 2.2.1
    public static let addressBlocks: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 7]
    /// RFC 3779, section 3.2.1
    public static let autonomousSystems: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 8]
    /// [MS-WCCE], section 2.2.2.7.7
    public static let applicationPolicies: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 21, 10]
    /// RFC 8360, section 4.2.2.1
    public static let addressBlocksV2: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 28]
    /// RFC 8360, section 4.2.2.3
    public static let autonomousSystemsV2: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 29]
}
