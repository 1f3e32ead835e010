internal import Audit
internal import Foundation
internal import JSON
internal import VisibleText

/// Which policies decided on a day, as the log tells it: every request's event names their digest, and so does a reload's.
struct PoliciesInForce {
    struct Policies: Encodable {
        let digest: String
        /// When the day's log first tells of them; nil for those from before the day.
        let since: String?
        /// The event that tells of them first.
        let index: UInt64
    }

    /// How far before the day a request must have come.
    private static let mostBefore: UInt64 = 20_000

    let day: Day
    /// In the order in which they came.
    let all: [Policies]

    /// - Throws: ``UsageFailure`` for a day that has not come, and what reading throws
    init(on day: Day, in source: EventSource) async throws {
        guard day.start <= Date() else {
            throw UsageFailure(message: "`\(day.text)` has not come yet", hint: nil)
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

    /// The policies an event tells of, those before a reload first.
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

    /// Says that these policies decided on the day, or what did in their place.
    /// - Throws: ``UsageFailure``
    func require(_ digest: String, of file: String) throws {
        guard !all.isEmpty else {
            throw UsageFailure(
                message: "the log does not tell which policies were in force on \(day.text)",
                hint: "no request came that day, nor long before")
        }
        guard !all.contains(where: { $0.digest == digest }) else { return }
        let others: [EscapedText] = all.map {
            "  \($0.digest), \($0.since.map { "since \($0)" } ?? "from before"), event \($0.index)"
        }
        throw UsageFailure(
            message:
                "the policies of `\(file)` were not in force on \(day.text): their digest is \(digest), and the log has\n\(others.joined(separator: "\n"))",
            hint: "take the configuration and its policies as they were that day")
    }
}
