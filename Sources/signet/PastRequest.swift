internal import APIClient
internal import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
internal import PolicyAnalysis
internal import VisibleText
internal import WireAPI

/// A request of the log.
struct PastRequest {
    /// The request, as ``EventName/reference(_:_:)`` names events.
    let id: String
    let client: SignetClient

    func request(in installation: Installation) async throws -> HypotheticalRequest {
        let event = try await event()
        let additional = event["additionalEventData"] as? [String: Any]
        guard let recorded = additional?["requestContext"] as? [String: [String]],
            let name = event["eventName"] as? String,
            let arn = (event["userIdentity"] as? [String: Any])?["arn"] as? String,
            let action = Action.allCases.first(where: { $0.rawValue.hasSuffix(":\(name)") })
        else {
            throw CommandFailure(
                message: "the event \(id) is not of a request that policies judged",
                hint: "its message says why it was refused: `signet audit show \(id)`")
        }
        if additional?["policyDigest"] as? String != installation.rulebook.digest {
            Output.note("note: it was decided by other policies than these files are now")
        }
        let parameters = event["requestParameters"] as? [String: Any]
        let resource =
            (parameters?["certificateAuthorityArn"] ?? parameters?["resourceArn"]) as? String
            ?? (((parameters?["request"] as? [String: Any])?["certificateAuthorityArn"] as? String) ?? "*")
        return try request(
            action, on: resource, by: arn, recorded, at: event["eventTime"] as? String ?? "", installation)
    }

    /// The event of the request. The outcome of a certificate names its request by `requestID`.
    private func event() async throws -> [String: Any] {
        func members(_ text: String) throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        }
        let event = try members(try await EventName.event(id, client))
        guard event["eventName"] as? String == "IssueCertificateDetails",
            let details = event["serviceEventDetails"] as? [String: Any],
            let requestID = details["requestID"] as? String
        else { return event }
        return try members(
            try await client.call(GetAuditEventOperation.self, .init(id: requestID)).event)
    }

    private func request(
        _ action: Action, on resource: String, by arn: String, _ recorded: [String: [String]],
        at time: String,
        _ installation: Installation
    ) throws -> HypotheticalRequest {
        let principal = try RequestText.principal(arn, installation)
        var says = ConditionContext()
        var facts = installation.facts(of: resource, for: action)
        for (key, values) in recorded {
            if key.hasPrefix("aws:resourcetag/") {
                facts.tags[String(key.dropFirst("aws:resourcetag/".count))] = values.first ?? ""
            } else {
                says[key] = values
            }
        }
        says.addNamesWithoutValue()
        let peer = Peer(
            pid: 1, uid: recorded["signet:peeruid"]?.first.flatMap { UInt32($0) } ?? .max - 1, gid: .max - 1,
            cgroup: recorded["signet:peerunit"]?.first.map { "/system.slice/\($0)" },
            executable: recorded["signet:peerexecutable"]?.first)
        let approvals = recorded["signet:approvalcount"]?.first.flatMap { Int($0) } ?? 0
        return HypotheticalRequest(
            action, on: resource, by: Requester(principal, .process(peer), approvals: approvals),
            about: facts,
            saying: says, at: Self.moment(time) ?? installation.now)
    }
}

extension PastRequest {
    fileprivate static func moment(_ text: String) -> CivilTime? {
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970))
    }
}
