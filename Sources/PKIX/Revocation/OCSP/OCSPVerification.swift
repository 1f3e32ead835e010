internal import SwiftASN1
internal import X509

/// Who signed an OCSP response, and whether a relying party accepts it (RFC 6960, section 3.2).
public enum OCSPVerification {
    public enum Signer: Sendable, Hashable {
        /// The authority that issued the certificate.
        case authority
        /// A responder to which it delegates, with the DER of its certificate.
        case responder([UInt8])
    }

    /// Why a response is not accepted.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// - Parameters:
    ///   - issuer: DER of the certificate of the authority that issued the certificate in question
    ///   - now: the relying party's time
    /// - Returns: what the response says of the certificate, and who signed it
    public static func verify(
        _ response: BasicOCSPResponse, about certificate: CertificateID, issuer: [UInt8], at now: CivilTime
    ) throws(Fault) -> (SingleResponse, Signer) {
        let signer = try signer(of: response, issuer: issuer, at: now)
        guard let single = response.responses.first(where: { $0.certificate == certificate }) else {
            throw Fault("the response says nothing of the certificate")
        }
        let (begin, end) = (single.thisUpdate.secondsSinceEpoch, single.nextUpdate?.secondsSinceEpoch)
        if begin > now.secondsSinceEpoch + tolerance { throw Fault("the response begins in the future") }
        if let end, end + tolerance < now.secondsSinceEpoch { throw Fault("the response has ended") }
        return (single, signer)
    }

    /// Seconds by which clocks may differ.
    private static let tolerance: Int64 = 300

    private static func signer(
        of response: BasicOCSPResponse, issuer: [UInt8], at now: CivilTime
    ) throws(Fault) -> Signer {
        let authority: Certificate
        let authorityKey: SubjectPublicKey
        do {
            authority = try Certificate(derEncoded: issuer)
            authorityKey = try SubjectPublicKey(authority.publicKey)
        } catch { throw Fault("the issuer's certificate cannot be read: \(parseReason(error))") }
        if response.isSigned(by: authorityKey) { return .authority }
        for der in response.certificates {
            guard let responder = try? Certificate(derEncoded: der),
                let key = try? SubjectPublicKey(responder.publicKey), response.isSigned(by: key)
            else { continue }
            guard responder.issuer == authority.subject,
                authority.publicKey.isValidSignature(responder.signature, for: responder)
            else { throw Fault("the responder's certificate is not signed by the issuer") }
            // RFC 6960, section 4.2.2.2: delegation is explicit.
            guard let usages = (try? responder.extensions.extendedKeyUsage) ?? nil,
                usages.contains(.ocspSigning)
            else { throw Fault("the responder's certificate does not permit OCSP signatures") }
            guard let begin = CivilTime(responder.notValidBefore),
                let end = CivilTime(responder.notValidAfter),
                begin.secondsSinceEpoch <= now.secondsSinceEpoch + tolerance,
                now.secondsSinceEpoch <= end.secondsSinceEpoch + tolerance
            else { throw Fault("the responder's certificate is not valid now") }
            return .responder(der)
        }
        throw Fault("neither the issuer nor a certificate in the response verifies its signature")
    }
}
