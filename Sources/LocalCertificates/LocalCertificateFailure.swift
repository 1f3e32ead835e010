/// Why a certificate of a service was not renewed. Unless it says otherwise, the files are as they were.
public struct LocalCertificateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case failed
        /// Another process renews in the same directory.
        case busy
        /// A file that is needed does not exist.
        case notFound
    }

    public let kind: Kind
    public let description: String

    init(_ description: String, _ kind: Kind = .failed) {
        self.kind = kind
        self.description = description
    }
}
