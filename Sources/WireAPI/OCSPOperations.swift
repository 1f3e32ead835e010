/// Answers an OCSP request (RFC 6960).
public enum GetOCSPResponseOperation: WireOperation {
    public static let name = "GetOCSPResponse"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        /// DER of an OCSPRequest.
        public var ocspRequest: Blob

        public init(ocspRequest: Blob) { self.ocspRequest = ocspRequest }

        public func check(_ constraints: inout Constraints) {
            constraints.length(ocspRequest, "ocspRequest", 1...65_536)
        }
    }

    public struct Output: Codable, Sendable {
        /// DER of an OCSPResponse.
        public var ocspResponse: Blob
        /// The authority that answers; nil for a request that concerns none.
        public var certificateAuthorityArn: String?

        public init(ocspResponse: Blob, certificateAuthorityArn: String? = nil) {
            self.ocspResponse = ocspResponse
            self.certificateAuthorityArn = certificateAuthorityArn
        }
    }
}
