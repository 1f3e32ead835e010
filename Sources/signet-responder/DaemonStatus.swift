internal import APIClient
internal import Distribution
internal import Logging
internal import PKIX
internal import WireAPI

/// Asks the daemon for OCSP responses.
struct DaemonStatus: StatusSource {
    let client: SignetClient
    let logger: Logger

    func response(to request: [UInt8]) async throws -> StatusResponse {
        let output: GetOCSPResponseOperation.Output
        do {
            output = try await client.call(GetOCSPResponseOperation.self, .init(ocspRequest: Blob(request)))
        } catch {
            guard case .service("AccessDeniedException", let message, _) = error else { throw error }
            logger.error(
                "the daemon's policies do not allow this user signet:GetOCSPResponse",
                metadata: ["reason": "\(message)"])
            return StatusResponse(octets: OCSPResponse.encoded(.unauthorized), authority: nil)
        }
        return StatusResponse(
            octets: output.ocspResponse.bytes,
            // The last part of its ARN.
            authority: output.certificateAuthorityArn.map {
                String(decoding: $0.utf8.suffix(36), as: UTF8.self)
            }
        )
    }
}
