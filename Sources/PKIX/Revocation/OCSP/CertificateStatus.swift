/// What a response says of a certificate (`CertStatus`, RFC 6960, section 4.2.1).
public enum CertificateStatus: Sendable, Hashable {
    case good
    /// - Parameters:
    ///   - at: when it was revoked
    ///   - reason: a CRLReason (RFC 5280, section 5.3.1); nil for none
    case revoked(at: CivilTime, reason: UInt8?)
    case unknown
}

/// What a response says of one certificate, and for how long (`SingleResponse`).
public struct SingleResponse: Sendable, Hashable {
    public var certificate: CertificateID
    public var status: CertificateStatus
    public var thisUpdate: CivilTime
    /// Nil where newer information is always available.
    public var nextUpdate: CivilTime?

    public init(
        _ certificate: CertificateID, _ status: CertificateStatus, thisUpdate: CivilTime,
        nextUpdate: CivilTime?
    ) {
        self.certificate = certificate
        self.status = status
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }
}
