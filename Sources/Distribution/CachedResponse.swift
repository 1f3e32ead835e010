internal import Crypto
internal import Foundation
internal import Identifiers
internal import PKIX

/// A response that serves many requests: about one certificate, without a nonce.
struct CachedResponse: Sendable {
    let octets: [UInt8]
    /// The id of the authority.
    let authority: String
    let certificate: CertificateID
    let isRevoked: Bool
    let thisUpdate: CivilTime
    let nextUpdate: CivilTime
    /// When it came.
    let readAt: Int64
    /// SHA-256 of its octets in hexadecimal, the entity tag.
    let digest: String

    /// Nil for a response that serves only its request: one with a nonce, about several certificates, or
    /// about a certificate that was never issued, because it can be issued at any time.
    /// - Parameter now: in seconds since 1970
    init?(_ response: StatusResponse, for certificate: CertificateID, at now: Int64) {
        guard let authority = response.authority,
            case .basic(let basic)? = try? OCSPResponse.read(derEncoded: response.octets),
            basic.nonce == nil, basic.responses.count == 1, let single = basic.responses.first,
            single.certificate == certificate, let next = single.nextUpdate, next.secondsSinceEpoch > now
        else { return nil }
        switch single.status {
        case .good: isRevoked = false
        // certificateHold says that it was never issued (RFC 6960, section 2.2).
        case .revoked(_, let reason) where reason != 6: isRevoked = true
        case .revoked, .unknown: return nil
        }
        self.authority = authority
        self.certificate = certificate
        octets = response.octets
        thisUpdate = single.thisUpdate
        nextUpdate = next
        readAt = now
        digest = hexadecimal(SHA256.hash(data: response.octets))
    }

    func isValid(at now: Int64) -> Bool { readAt <= now && now < nextUpdate.secondsSinceEpoch }

    /// Whether the daemon is asked before it is given out again: after half of its life, or earlier, so that a
    /// change is found even when no CRL was published.
    func isDue(at now: Int64) -> Bool {
        let half = (nextUpdate.secondsSinceEpoch - readAt) / 2
        return now - readAt >= min(half, Self.longestUse)
    }

    /// Seconds after which a newer one is asked for.
    static let longestUse: Int64 = 300
}
