public import Foundation

/// A request as a front end has read it, without its body.
public struct APIRequest: Sendable {
    /// Whether it is `POST /`.
    public let isOperation: Bool
    /// Its `X-Amz-Target`.
    public let target: String?
    public let userAgent: String?

    public init(isOperation: Bool, target: String?, userAgent: String?) {
        self.isOperation = isOperation
        self.target = target
        self.userAgent = userAgent
    }
}

/// The body of a request. It holds its reserved memory until the request is answered.
public struct APIBody: Sendable {
    public let octets: Data
    private let reservation: (any AnyObject & Sendable)?

    public init(octets: Data, reserving reservation: (any AnyObject & Sendable)? = nil) {
        self.octets = octets
        self.reservation = reservation
    }
}

/// The answer to a request.
public struct APIAnswer: Sendable {
    public let requestID: String
    /// The output, or the error.
    public let result: Result<Data, APIError>
}
