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
        // RFC 6960, section 4.4
        if response.hasCriticalExtension {
            throw Fault("the response has a critical extension that is not known")
        }
        let about = response.responses.filter { $0.certificate == certificate }
        guard let single = about.first else { throw Fault("the response says nothing of the certificate") }
        guard about.count == 1 else { throw Fault("the response speaks of the certificate more than once") }
        let (begin, end) = (single.thisUpdate.secondsSinceEpoch, single.nextUpdate?.secondsSinceEpoch)
        if begin > now.secondsSinceEpoch + tolerance { throw Fault("the response begins in the future") }
        if let end, end < begin { throw Fault("the response ends before it begins") }
        if let end, end + tolerance < now.secondsSinceEpoch { throw Fault("the response has ended") }
        // RFC 6960, section 4.2.2.1: without nextUpdate, newer information is always available.
        if end == nil, begin + oldest < now.secondsSinceEpoch {
            throw Fault("the response is older than a day")
        }
        return (single, signer)
    }

    /// Seconds by which clocks may differ.
    private static let tolerance: Int64 = 300

    /// Seconds since the beginning of a response without an end.
    private static let oldest: Int64 = 86_400

    /// The extensions of a responder's certificate that may be critical.
    private static let known: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.keyUsage, .X509ExtensionID.basicConstraints, .X509ExtensionID.extendedKeyUsage,
    ]

    private static func names(
        _ responder: BasicOCSPResponse.ResponderID, _ der: [UInt8], _ key: SubjectPublicKey
    )
        -> Bool
    {
        switch responder {
        case .keyHash(let hash): hash == KeyIdentifier.sha1(of: key)
        case .name(let name): (try? CertificateFields(derEncoded: der))?.subject.elementsEqual(name) ?? false
        }
    }

    private static func signer(
        of response: BasicOCSPResponse, issuer: [UInt8], at now: CivilTime
    ) throws(Fault) -> Signer {
        let authority: Certificate
        let authorityKey: SubjectPublicKey
        do {
            authority = try Certificate(derEncoded: issuer)
            authorityKey = try SubjectPublicKey(authority.publicKey)
        } catch { throw Fault("the issuer's certificate cannot be read: \(parseReason(error))") }
        if response.isSigned(by: authorityKey) {
            guard names(response.responder, issuer, authorityKey) else {
                throw Fault("the response names another signer")
            }
            return .authority
        }
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
            guard names(response.responder, der, key) else {
                throw Fault("the response names another signer")
            }
            guard responder.extensions.allSatisfy({ !$0.critical || known.contains($0.oid) }) else {
                throw Fault("the responder's certificate has a critical extension that is not known")
            }
            return .responder(der)
        }
        throw Fault("neither the issuer nor a certificate in the response verifies its signature")
    }
}
