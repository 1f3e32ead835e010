internal import TrustedPaths

/// Why a certificate of a service was not renewed. Unless it says otherwise, the files are as they were.
public struct LocalCertificateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case failed
        /// Another process renews in the same directory.
        case busy
        /// A file or a directory that is needed does not exist.
        case notFound
        /// A file or a directory that this process may not or must not use.
        case denied
        /// A name, a key or a request that is wrong.
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
