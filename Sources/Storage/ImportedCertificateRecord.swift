public import Foundation

/// A certificate that an authority of this daemon signed elsewhere, such as before its key came here. It can
/// be revoked, and its status is known.
public struct ImportedCertificateRecord: Sendable, Hashable {
    /// The id of the authority.
    public var certificateAuthority: String
    /// Big-endian, without leading zeros. Unique for an authority: others count on their own.
    public var serialNumber: [UInt8]
    /// DER
    public var certificate: [UInt8]
    /// The ARN of the principal that imported it.
    public var requester: String
    public var importedAt: Date
    /// The end of its validity, in whole seconds.
    public var notAfter: Date

    public init(
        certificateAuthority: String, serialNumber: [UInt8], certificate: [UInt8], requester: String,
        importedAt: Date, notAfter: Date
    ) {
        self.certificateAuthority = certificateAuthority
        self.serialNumber = serialNumber
        self.certificate = certificate
        self.requester = requester
        self.importedAt = importedAt
        self.notAfter = notAfter
    }
}
