internal import APIClient
internal import ArgumentParser
internal import Audit
internal import Foundation
internal import TransparencyLog
internal import VisibleText
internal import WireAPI

/// The source of events: the log of a daemon, or an export.
struct EventSourceOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read this export, a directory or a file of JSON lines, and not the daemon's log; `verify` it first.",
            valueName: "path"))
    var export: String?

    func source(_ client: SignetClient) throws -> EventSource {
        guard let export else { return .daemon(client) }
        let values = try? URL(fileURLWithPath: export).resourceValues(forKeys: [.isDirectoryKey])
        guard let isDirectory = values?.isDirectory else {
            throw CommandFailure(message: "there is no export `\(export)`", hint: nil, status: .notFound)
        }
        return isDirectory ? .tiles(LogDirectory(path: export)) : .lines(export)
    }
}

enum EventSource {
    case daemon(SignetClient)
    case tiles(LogDirectory)
    case lines(String)

    /// Passes the matching events to `take` in order, until it returns false.
    /// - Parameters:
    ///   - from: the first index to examine; nil for the first that can have the query's time
    ///   - limit: the maximum number of events
    func forEach(
        _ query: EventQuery, from: UInt64? = nil, limit: Int = .max,
        _ take: (_ index: UInt64, _ body: [UInt8]) throws -> Bool
    ) async throws {
        var progress = SearchProgress()
        defer { progress.clear() }
        var left = limit
        /// Passes one event on, and returns whether to continue.
        func give(_ index: UInt64, _ body: [UInt8], _ progress: inout SearchProgress) throws -> Bool {
            progress.clear()
            left -= 1
            return try take(index, body) && left > 0
        }
        if case .daemon(let client) = self {
            var next = from
            while true {
                let page = try await client.call(
                    ListAuditEventsOperation.self, .init(query, from: next, maxResults: min(left, 1000)))
                for event in page.events {
                    guard try give(event.index, event.body.bytes, &progress) else { return }
                }
                guard page.isTruncated else { return }
                progress.report(page.nextFrom, of: page.logSize)
                next = page.nextFrom
            }
        }
        // The filters have the daemon's limits here too.
        var constraints = Constraints()
        ListAuditEventsOperation.Input(query, from: from, maxResults: 1).check(&constraints)
        if let message = constraints.message { throw CommandFailure(message: "\(message)", hint: nil) }
        try forEachExported { index, size, body in
            progress.report(index, of: size)
            guard index >= from ?? 0, query.matches(body) else { return true }
            return try give(index, Array(body), &progress)
        }
    }

    /// The number of events.
    func size() async throws -> UInt64 {
        if case .daemon(let client) = self {
            return try await client.call(ListAuditEventsOperation.self, .init(maxResults: 1)).logSize
        }
        var count: UInt64 = 0
        try forEachExported { _, size, _ in
            count = size
            return false
        }
        return count
    }

    /// The value from the newest event before an index that has one.
    /// - Parameter count: the number of events to examine
    func newest<Value>(
        before index: UInt64, among count: UInt64, _ tell: (_ index: UInt64, _ body: [UInt8]) -> Value?
    ) async throws -> Value? {
        let lowest = index - min(index, count)
        var upper = index
        var found: Value?
        while found == nil, upper > lowest {
            let lower = max(lowest, upper - min(upper, 500))
            try await forEach(EventQuery(), from: lower, limit: Int(upper - lower)) { index, body in
                found = tell(index, body) ?? found
                return true
            }
            upper = lower
        }
        return found
    }

    /// The newest matching events, at most `count`, in their order. Searches from the end, in windows that
    /// grow.
    func newest(_ count: Int, _ query: EventQuery) async throws -> [(index: UInt64, body: [UInt8])] {
        var found: [(index: UInt64, body: [UInt8])] = []
        var upper = try await size()
        var width = UInt64(max(500, count))
        while found.count < count, upper > 0 {
            let lower = upper - min(upper, width)
            var window: [(index: UInt64, body: [UInt8])] = []
            try await forEach(query, from: lower) { index, body in
                guard index < upper else { return false }
                window.append((index, body))
                return index + 1 < upper
            }
            found = window + found
            (upper, width) = (lower, width * 4)
        }
        return found.suffix(count)
    }

    private func forEachExported(
        _ take: (_ index: UInt64, _ size: UInt64, _ body: ArraySlice<UInt8>) throws -> Bool
    ) throws {
        switch self {
        case .daemon: return
        case .lines(let path):
            let lines = try ExportedLines(path)
            for (index, line) in lines.events.enumerated() {
                guard try take(UInt64(index), UInt64(lines.events.count), try lines.event(line, at: index))
                else { return }
            }
        case .tiles(let directory):
            guard let text = try directory.text("checkpoint"), let note = try? SignedNote(encoded: text),
                let checkpoint = try? Checkpoint(text: note.text)
            else {
                throw CommandFailure(
                    message: "`\(directory.root.path)` has no checkpoint: the export is not whole", hint: nil)
            }
            for tile in Tile.all(size: checkpoint.size) where tile.level == 0 {
                let entries = EntryBundle.decode(try directory.read(tile.entriesPath) ?? []).entries
                guard entries.count == tile.count else {
                    throw CommandFailure(
                        message: "`\(tile.entriesPath)` has not the \(tile.count) events it must have",
                        hint: "`signet audit verify` tells what was done to an export")
                }
                for (place, entry) in entries.enumerated() {
                    let index = tile.index * Tile.width + UInt64(place)
                    guard try take(index, checkpoint.size, entry) else { return }
                }
            }
        }
    }
}

/// Shows the progress of a search on standard error, if that is a terminal and the search takes longer than a
/// second.
private struct SearchProgress {
    private let isShown = Output.isErrorTerminal
    private var next = ContinuousClock.now + .seconds(1)
    private var isOnScreen = false

    mutating func report(_ done: UInt64, of total: UInt64) {
        guard isShown, ContinuousClock.now > next else { return }
        next = .now + .milliseconds(200)
        isOnScreen = true
        Output.progress("\rlooked at \(done) of \(total) events")
    }

    mutating func clear() {
        guard isOnScreen else { return }
        isOnScreen = false
        Output.progress("\r\u{1B}[K")
    }
}
