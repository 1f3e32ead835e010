internal import Audit
internal import Foundation
internal import JSON
internal import VisibleText

/// The policies that decided on a day, from the log: the events of requests and of reloads name their
/// digests.
struct PoliciesInForce {
    struct Policies: Encodable {
        let digest: String
        /// The time of the day's first event with them; nil for policies from before the day.
        let since: String?
        /// The index of the first event with them.
        let index: UInt64
    }

    /// The maximum number of earlier events to search for a request before the day.
    private static let mostBefore: UInt64 = 20_000

    let day: Day
    /// In the order of their first events.
    let all: [Policies]

    /// - Throws: ``CommandFailure`` for a day that has not come, and what reading throws
    init(on day: Day, in source: EventSource) async throws {
        guard day.start <= Date() else {
            throw CommandFailure(message: "`\(day.text)` has not come yet", hint: nil, status: .usage)
        }
        self.day = day
        var later = EventQuery()
        later.start = day.start
        var first: UInt64?
        try await source.forEach(later, limit: 1) { index, _ in
            first = index
            return false
        }
        var found: [Policies] = []
        if first == nil { first = try await source.size() }
        let before = try await source.newest(before: first ?? 0, among: Self.mostBefore) { index, body in
            Self.digests(body).last.map { Policies(digest: $0.digest, since: nil, index: index) }
        }
        if let before { found.append(before) }
        var query = later
        query.end = day.end
        try await source.forEach(query) { index, body in
            for (digest, time) in Self.digests(body) where !found.contains(where: { $0.digest == digest }) {
                found.append(Policies(digest: digest, since: time, index: index))
            }
            return true
        }
        all = found
    }

    /// The digests in an event; for a reload, the old one first.
    private static func digests(_ body: [UInt8]) -> [(digest: String, time: String)] {
        guard let event = try? JSONValue(parsing: body) else { return [] }
        let time = event["eventTime"]?.stringValue ?? ""
        let details = event["serviceEventDetails"]
        var digests = [event["additionalEventData"]?["policyDigest"]]
        switch event["eventName"] {
        case "PolicyReloaded": digests += [details?["previousDigest"], details?["digest"]]
        case "DaemonStarted": digests.append(details?["policyDigest"])
        case "PolicyReloadFailed": digests.append(details?["digest"])
        case "ReloadPolicy":
            let answer = event["responseElements"]
            digests += [answer?["previousDigest"], answer?["digest"]]
        default: break
        }
        return digests.compactMap { $0?.stringValue }.map { ($0, time) }
    }

    var table: EscapedText {
        EscapedText.table(
            ["POLICIES IN FORCE ON \(day.text)", "SINCE", "EVENT"],
            all.map { [$0.digest, $0.since ?? "before", "\($0.index)"] })
    }

    /// Requires that these policies decided on the day; otherwise lists the ones that did.
    /// - Throws: ``CommandFailure``
    func require(_ digest: String, of file: String) throws {
        guard !all.isEmpty else {
            throw CommandFailure(
                message: "the log does not tell which policies were in force on \(day.text)",
                hint: "no request came that day, nor long before")
        }
        guard !all.contains(where: { $0.digest == digest }) else { return }
        let others: [EscapedText] = all.map {
            "  \($0.digest), \($0.since.map { "since \($0)" } ?? "from before"), event \($0.index)"
        }
        throw CommandFailure(
            message:
                "the policies of `\(file)` were not in force on \(day.text): their digest is \(digest), and the log has\n\(others.joined(separator: "\n"))",
            hint: "take the configuration and its policies as they were that day")
    }
}
