/// Answers OCSP requests (RFC 6960).
public enum GetOCSPResponseOperation: WireOperation {
    public static let name = "GetOCSPResponse"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        /// DER of each OCSPRequest.
        public var ocspRequests: [Blob]

        /// Requests of one call.
        public static let most = 64

        public init(ocspRequests: [Blob]) { self.ocspRequests = ocspRequests }

        public func check(_ constraints: inout Constraints) {
            constraints.count(ocspRequests.count, "ocspRequests", 1...Self.most)
            for (index, request) in ocspRequests.enumerated() {
                constraints.length(request, "ocspRequests.\(index + 1).member", 1...65_536)
            }
        }
    }

    public struct Output: Codable, Sendable {
        /// In the order of the requests.
        public var ocspResponses: [Response]

        public init(ocspResponses: [Response]) { self.ocspResponses = ocspResponses }
    }

    public struct Response: Codable, Sendable {
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
