internal import Crypto
public import PKIX
internal import SwiftASN1

/// The contents of a CRL.
public struct CertificateListContents: Sendable {
    /// cRLNumber; positive.
    public var number: Int64
    public var thisUpdate: CivilTime
    public var nextUpdate: CivilTime
    public var revoked: RevokedCertificates
    /// The URLs of the partition; empty for a complete CRL.
    public var distributionPoint: [String]

    public init(
        number: Int64, thisUpdate: CivilTime, nextUpdate: CivilTime, revoked: RevokedCertificates,
        distributionPoint: [String] = []
    ) {
        self.distributionPoint = distributionPoint
        self.number = number
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revoked = revoked
    }
}

/// Why no CRL was made.
public enum CertificateListFault: Error, Sendable, CustomStringConvertible {
    case encoding(String)
    case lint([String])

    public var description: String {
        switch self {
        case .encoding(let reason): "the CRL cannot be encoded: \(reason)"
        case .lint(let findings): "the CRL breaks a rule: \(findings.joined(separator: "; "))"
        }
    }
}

/// Builds and lints CRLs. Pure: it reads no clock, no store and no token.
public enum CertificateListBuilder {
    public static func prepare(
        _ contents: consuming CertificateListContents, by issuer: ListIssuer
    ) throws(CertificateListFault) -> LintedCertificateList {
        let tbs: [UInt8]
        do {
            tbs = try TBSCertificateList(
                signatureAlgorithm: issuer.signingAlgorithm, issuer: issuer.name,
                thisUpdate: contents.thisUpdate, nextUpdate: contents.nextUpdate, revoked: contents.revoked,
                authorityKeyIdentifier: issuer.keyIdentifier, number: bigEndian(contents.number),
                distributionPoint: contents.distributionPoint
            ).derBytes()
        } catch { throw .encoding(parseReason(error)) }
        let findings = CertificateListLint.findings(
            tbs, by: issuer, distributionPoint: contents.distributionPoint)
        guard findings.isEmpty else { throw .lint(findings) }
        return LintedCertificateList(
            tbsCertList: tbs, digest: Array(SHA256.hash(data: tbs)),
            signingAlgorithm: issuer.signingAlgorithm, issuer: issuer)
    }

    /// Without leading zeros.
    private static func bigEndian(_ number: Int64) -> [UInt8] {
        let octets = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
        return Array(octets.drop { $0 == 0 })
    }
}
