/// Answers OCSP requests that the responder cannot answer from what it has: the daemon.
public protocol StatusSource: Sendable {
    /// - Parameter request: DER of an OCSPRequest
    func response(to request: [UInt8]) async throws -> StatusResponse
}

/// A response of a ``StatusSource``.
public struct StatusResponse: Sendable {
    /// DER of an OCSPResponse.
    public let octets: [UInt8]
    /// The id of the authority that answers; nil for none.
    public let authority: String?

    public init(octets: [UInt8], authority: String?) {
        self.octets = octets
        self.authority = authority
    }
}
