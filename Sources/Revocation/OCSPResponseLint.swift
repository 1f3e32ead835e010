internal import PKIX

/// The rules that an OCSP response must keep before it is signed. The encoded response is parsed again, so
/// that an error of the encoder is found too.
enum OCSPResponseLint {
    struct Rule: Sendable {
        /// Such as `RFC 6960, section 4.2.2.1`.
        let source: String
        /// The finding as a sentence; nil when the rule is kept.
        let finding: @Sendable (BasicOCSPResponse, StatusSigner) -> String?

        init(_ source: String, _ finding: @escaping @Sendable (BasicOCSPResponse, StatusSigner) -> String?) {
            self.source = source
            self.finding = finding
        }
    }

    /// - Parameter tbs: the DER of a ResponseData
    static func findings(_ tbs: [UInt8], by signer: StatusSigner) -> [String] {
        let response: BasicOCSPResponse
        do { response = try BasicOCSPResponse(tbsDerEncoded: tbs) } catch { return ["X.690: \(error)"] }
        return rules.compactMap { rule in rule.finding(response, signer).map { "\(rule.source): \($0)" } }
    }

    static let rules: [Rule] = [
        Rule("RFC 6960, section 4.2.2.3") { response, signer in
            response.responder == .keyHash(signer.keyHash) ? nil : "the responder is not the signer"
        },
        Rule("RFC 5019, section 2.2.4") { response, _ in
            for single in response.responses {
                guard let next = single.nextUpdate else { return "a response has no nextUpdate" }
                guard single.thisUpdate.secondsSinceEpoch < next.secondsSinceEpoch else {
                    return "a nextUpdate is not after its thisUpdate"
                }
            }
            return nil
        },
        Rule("RFC 6960, section 2.4") { response, _ in
            response.responses.contains {
                $0.thisUpdate.secondsSinceEpoch > response.producedAt.secondsSinceEpoch
            } ? "a thisUpdate is after producedAt" : nil
        },
        Rule("RFC 6960, section 4.2.2.2") { response, signer in
            response.responses.contains {
                ($0.nextUpdate?.secondsSinceEpoch ?? 0) > signer.notAfter.secondsSinceEpoch
            } ? "a response outlasts the signer's certificate" : nil
        },
        Rule("RFC 6960, section 4.4.8") { response, _ in
            // certificateHold, 6, is the reason for certificates that were never issued.
            let claims = response.responses.contains {
                if case .revoked(_, let reason) = $0.status { return reason == 6 }
                return false
            }
            return claims && !response.hasExtendedRevoked
                ? "a certificate is on hold without the extended revoked definition" : nil
        },
        Rule("RFC 5280, section 5.3.1") { response, _ in
            response.responses.contains {
                if case .revoked(_, let reason) = $0.status { return reason == 0 || reason == 8 }
                return false
            } ? "a revocation says unspecified or removeFromCRL" : nil
        },
        Rule("RFC 6960, section 4.4") { response, _ in
            response.hasCriticalExtension
                ? "an extension is critical, which some relying parties refuse" : nil
        },
        Rule("RFC 9654, section 2.1") { response, _ in
            // DER of an OCTET STRING of 1 to 128 octets.
            response.nonce.map { (3...131).contains($0.count) } == false
                ? "the nonce does not have 1 to 128 octets" : nil
        },
    ]
}
