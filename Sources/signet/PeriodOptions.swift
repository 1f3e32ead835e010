internal import ArgumentParser
internal import Audit
internal import Foundation
internal import VisibleText

/// The options that select a period of the log.
struct PeriodOptions: ParsableArguments {
    @Option(
        help:
            "From this time on: `2026-11-25T10:00:00Z`, `2026-11-25`, or `7d` for the last seven days."
    )
    var since: String?
    @Option(help: "Before this time.") var until: String?

    var isEmpty: Bool { since == nil && until == nil }

    /// - Throws: ``CommandFailure`` for a time that is none
    func apply(to query: inout EventQuery) throws(CommandFailure) {
        let now = Date()
        query.start = try since.map { text throws(CommandFailure) in try Moment.date(text, now: now) }
        query.end = try until.map { text throws(CommandFailure) in try Moment.date(text, now: now) }
    }
}
