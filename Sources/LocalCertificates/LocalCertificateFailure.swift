internal import TrustedPaths

/// Why a certificate of a service was not renewed. Unless the message says otherwise, the files are
/// unchanged.
public struct LocalCertificateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case failed
        /// Another process is renewing in the same directory.
        case busy
        /// A required file or directory does not exist.
        case notFound
        /// A file or a directory that this process cannot or must not use.
        case denied
        /// An invalid name, key or request.
        case usage
    }

    public let kind: Kind
    public let description: String

    init(_ place: TrustedPlace.Failure) {
        description = place.description
        kind =
            switch place.kind {
            case .notThere: .notFound
            case .untrusted: .denied
            case .unusable: .usage
            }
    }

    init(_ description: String, _ kind: Kind = .failed) {
        self.kind = kind
        self.description = description
    }
}
