internal import APIClient
internal import Authorization
internal import Foundation
internal import PolicyAnalysis
internal import VisibleText

/// The explanation of a denial, for a caller that may read both the configuration and the request's event.
struct DenialExplanation {
    let client: SignetClient

    /// Nil for another error, and for a caller that may not have the explanation.
    func text(for error: any Error) async -> EscapedText? {
        guard case .service("AccessDeniedException", _, let requestID?)? = error as? APIClientError,
            // Without the configuration the daemon is not asked: the question would be one more denial in the
            // log.
            FileManager.default.isReadableFile(atPath: PolicyOptions.defaultConfiguration),
            let installation = try? PolicyOptions.installation(of: PolicyOptions.defaultConfiguration),
            let request = try? await PastRequest(id: requestID, client: client).request(in: installation)
        else { return nil }
        let now = request.time
        let explanation = Authorizer(installation.rulebook) { now }.explain(request)
        // The configuration does not have the policies of authorities. Where they decided, it says nothing.
        guard !explanation.judgement.isAllowed else { return nil }
        return
            "\(ExplanationReport(request, explanation).summary)\nall of it: `signet policy explain --event \(requestID)`"
    }
}
