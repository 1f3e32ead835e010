internal import NIOHTTP1

/// A request that is not HTTP/1.0 or HTTP/1.1. Its end is unknown, so nothing after it is read.
public struct MalformedRequest: Error, Sendable, Hashable {
    /// For the client.
    public let reason: String

    init(_ reason: String) { self.reason = reason }

    /// Nil for errors of the connection, which no answer reaches.
    init?(_ error: any Error) {
        switch error {
        case let error as MalformedRequest: self = error
        case let error as HTTPParserError: self.init(Self.reason(error))
        default: return nil
        }
    }

    private static func reason(_ error: HTTPParserError) -> String {
        switch error {
        case .invalidContentLength, .unexpectedContentLength:
            "Content-Length must be one decimal number, and must not come with Transfer-Encoding"
        case .headerOverflow:
            "the head has more than \(PhaseLimits.mostFields) fields, a field of more than \(PhaseLimits.mostFieldOctets) octets, or more than \(PhaseLimits.mostHeadOctets) octets"
        case .invalidChunkSize: "the size of a chunk must be a hexadecimal number"
        case .invalidVersion, .paused: "the version of the protocol must be HTTP/1.0 or HTTP/1.1"
        case .invalidMethod: "the method does not exist"
        case .invalidHeaderToken: "a field of the head has an octet that it must not have"
        case .invalidEOFState: "the connection ended in the middle of a request"
        default: "the request is not framed as RFC 9112 says"
        }
    }
}
