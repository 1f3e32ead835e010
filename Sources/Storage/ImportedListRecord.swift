public import Foundation
internal import Identifiers

/// The newest CRL of an authority that is not of this daemon. The CRL itself is a published file.
public struct ImportedListRecord: Sendable, Hashable {
    /// The name of its file, which follows from the issuer's key: see ``id(ofKeyDigest:)``.
    public var id: String
    /// The issuer in the format of the log.
    public var issuer: String
    /// cRLNumber, big-endian without leading zeros; empty for a CRL without one.
    public var number: [UInt8]
    public var thisUpdate: Date
    public var nextUpdate: Date
    /// SHA-256 of its DER.
    public var digest: [UInt8]

    public init(
        id: String, issuer: String, number: [UInt8], thisUpdate: Date, nextUpdate: Date, digest: [UInt8]
    ) {
        self.id = id
        self.issuer = issuer
        self.number = number
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.digest = digest
    }

    /// The form of the ids of authorities, so that files of CRLs have names of one form.
    /// - Parameter digest: SHA-256 of the DER of the issuer's SubjectPublicKeyInfo
    public static func id(ofKeyDigest digest: [UInt8]) -> String {
        let text = hexadecimal(Array(digest.prefix(16)))
        var parts: [Substring] = []
        var rest = text[...]
        for count in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return parts.joined(separator: "-")
    }
}
