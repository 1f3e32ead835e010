internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import VisibleText

/// An OCSP response in words.
struct OCSPReport {
    let url: String
    /// `good`, `revoked` or `unknown`.
    let status: String
    let revokedAt: String?
    let reason: String?
    /// `the authority`, or the subject of the responder's certificate with its end.
    let signer: String
    let thisUpdate: String
    let nextUpdate: String?
    /// `echoed`, `not echoed` or `none`.
    let nonce: String

    init(
        _ octets: [UInt8], about certificate: CertificateID, issuer: [UInt8], nonce: [UInt8]?,
        from url: String
    ) throws {
        self.url = url
        let reading: OCSPResponse.Reading
        do { reading = try OCSPResponse.read(derEncoded: octets) } catch {
            throw CommandFailure(
                message: "the answer of `\(url)` is no OCSP response: \("\(error)")", hint: nil)
        }
        guard case .basic(let response) = reading else {
            guard case .failure(let code) = reading else { preconditionFailure("a case is missing") }
            let name = OCSPResponse.Failure(rawValue: code).map { "\($0)" } ?? "\(code)"
            throw CommandFailure(
                message: "`\(url)` answers `\(name)`, and no status",
                hint: code == OCSPResponse.Failure.unauthorized.rawValue
                    ? "it does not answer for this issuer: see that OCSP is enabled for the authority" : nil)
        }
        let (single, signer): (SingleResponse, OCSPVerification.Signer)
        do {
            (single, signer) = try OCSPVerification.verify(
                response, about: certificate, issuer: issuer, at: .now())
        } catch {
            throw CommandFailure(
                message: "the answer of `\(url)` is not accepted: \("\(error)")", hint: nil)
        }
        switch single.status {
        case .good: (status, revokedAt, reason) = ("good", nil, nil)
        case .unknown: (status, revokedAt, reason) = ("unknown", nil, nil)
        case .revoked(let time, let code):
            status = "revoked"
            revokedAt = "\(time)"
            reason = code.map { CRLReason(rawValue: $0).map { "\($0)" } ?? "\($0)" }
        }
        switch signer {
        case .authority: self.signer = "the authority"
        case .responder(let der):
            self.signer =
                (try? CertificateReport(der, at: Date())).map { "\($0.subject), until \($0.notAfter)" }
                ?? "a responder"
        }
        thisUpdate = "\(single.thisUpdate)"
        nextUpdate = single.nextUpdate.map { "\($0)" }
        if let nonce {
            let echoed = [0x04, UInt8(nonce.count)] + nonce
            guard response.nonce == nil || response.nonce == echoed else {
                throw CommandFailure(
                    message: "the answer of `\(url)` has the nonce of another request",
                    hint: "something between here and the responder repeats old answers")
            }
            self.nonce = response.nonce == nil ? "not echoed" : "echoed"
        } else {
            self.nonce = "none"
        }
    }

    var json: String {
        var members: [(String, JSONValue)] = [
            ("status", .string(status)), ("signer", .string(signer)), ("responder", .string(url)),
            ("thisUpdate", .string(thisUpdate)), ("nonce", .string(nonce)),
        ]
        if let revokedAt { members.append(("revokedAt", .string(revokedAt))) }
        if let reason { members.append(("reason", .string(reason))) }
        if let nextUpdate { members.append(("nextUpdate", .string(nextUpdate))) }
        return JSONValue.object(JSONObject(members)).indented()
    }

    var text: EscapedText {
        var fields: [(EscapedText, EscapedText)] = [("Status", "\(status)")]
        if let revokedAt { fields.append(("Revoked", "\(revokedAt), \(reason ?? "without a reason")")) }
        fields += [
            ("Signed by", "\(signer)"), ("Responder", "\(url)"), ("Issued", "\(thisUpdate)"),
            ("Next", "\(nextUpdate ?? "-")"), ("Nonce", "\(nonce)"),
        ]
        return EscapedText.fields(fields, width: 10)
    }
}
