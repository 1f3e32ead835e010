internal import Authorization
internal import PKIX

/// A dimension in which requests differ, with the values to examine.
struct Dimension {
    enum Choice {
        /// The values of a condition key; nil for a request without the key.
        case values([String]?)
        /// The template, and the facts that follow from it.
        case template(Installation.Template)
        /// Kind and length in bits of the certificate's key; a nil kind is one without a name.
        case key(kind: String?, bits: Int)
        case approvals(Int)
        case peer(Peer)
        case time(CivilTime)
    }

    /// The condition keys as policies write them, or a description.
    let name: String
    let choices: [Choice]

    func apply(_ choice: Choice, to request: inout HypotheticalRequest) {
        switch choice {
        case .values(let values): request.says[name] = values
        case .template(let template):
            request.says["acm-pca:TemplateArn"] = [template.arn]
            request.says["signet:IsCA"] = template.isAuthority.map { ["\($0)"] }
        case .key(let kind, let bits):
            request.says["signet:KeyAlgorithm"] = kind.map { [$0] }
            request.says["signet:KeySize"] = ["\(bits)"]
        case .approvals(let count):
            request.requester = Requester(
                request.requester.principal, request.requester.caller, approvals: count)
        case .peer(let peer):
            request.requester = Requester(
                request.requester.principal, .process(peer), approvals: request.requester.approvals)
        case .time(let time): request.time = time
        }
    }
}
