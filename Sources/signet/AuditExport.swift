internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import TransparencyLog
internal import VisibleText
internal import WireAPI

struct AuditCheckpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Print the newest checkpoint of the log.",
        discussion:
            "Keep one outside of the machine now and then: `verify --since` shows that the log still begins so."
    )

    @OptionGroup var connection: Connection
    @Flag(help: "Print the key it is verified with, in place of it.") var key = false

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(GetCheckpointOperation.self, .init())
            if connection.json { return try connection.printJSON(output) }
            if key { return Output.document(output.verifierKey ?? "") }
            Output.write(EscapedText(output.checkpoint ?? "", layout: .document))
        }
    }
}

struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the log into a directory, or into a file of JSON lines.",
        discussion: """
            The directory has the layout of C2SP tlog-tiles: `checkpoint`, `tile/` with hashes, `tile/entries/` with the \
            events. One that was exported before is gone on with. JSON lines hold the same events, and no proof.
            """)

    @OptionGroup var connection: Connection
    @Argument(help: "The directory, or with --lines the file.") var target: String
    @Flag(help: "JSON lines in place of tiles.") var lines = false

    func run() async throws {
        try await connection.run { client in
            let answer = try await client.call(GetCheckpointOperation.self, .init())
            guard let note = answer.checkpoint, let key = answer.verifierKey else {
                throw CommandFailure(message: "the log is empty", hint: nil)
            }
            let checkpoint: Checkpoint
            do { checkpoint = try Checkpoint(text: try SignedNote(encoded: note).text) } catch {
                throw CommandFailure(
                    message: "the daemon's checkpoint cannot be read: \(error: error)", hint: nil)
            }
            if lines {
                try await exportLines(client, size: checkpoint.size)
            } else {
                try await exportTiles(client, checkpoint, note: note, key: key)
            }
            Output.line("exported \(checkpoint.size) events to \(target)")
        }
    }

    private func exportLines(_ client: SignetClient, size: UInt64) async throws {
        // Renamed to its final name once it is complete.
        let part = URL(fileURLWithPath: target + ".part")
        try Data().write(to: part)
        let file = try FileHandle(forWritingTo: part)
        try await pages(client, from: 0, size: size) { events in
            for event in events { try file.write(contentsOf: Data(event + [0x0A])) }
        }
        try file.close()
        let whole = URL(fileURLWithPath: target)
        if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(at: whole) }
        try FileManager.default.moveItem(at: part, to: whole)
    }

    private func exportTiles(_ client: SignetClient, _ checkpoint: Checkpoint, note: String, key: String)
        async throws
    {
        let directory = LogDirectory(path: target)
        // The checkpoint is written last, so a directory with a checkpoint is complete.
        var tree = GrowingTree()
        var bundle: [[UInt8]] = []
        var open: [UInt8: [TreeHash]] = [:]
        try await pages(client, from: 0, size: checkpoint.size) { events in
            for event in events {
                bundle.append(event)
                let leaf = TreeHash(leaf: event)
                open[0, default: []].append(leaf)
                for complete in tree.append(leaf) {
                    try directory.write(complete.bytes, to: complete.tile.path)
                    open[complete.tile.level] = []
                    open[complete.tile.level + 1, default: []].append(
                        GrowingTree.root(ofTile: complete.nodes))
                    if complete.tile.level == 0 {
                        try write(&bundle, Tile(level: 0, index: complete.tile.index), directory)
                    }
                }
            }
        }
        for tile in Tile.all(size: checkpoint.size) where !tile.isComplete {
            try directory.write((open[tile.level] ?? []).flatMap(\.bytes), to: tile.path)
            if tile.level == 0 { try write(&bundle, tile, directory) }
        }
        guard tree.root == checkpoint.root else {
            throw CommandFailure(
                message: "the daemon's events do not come to the root of its checkpoint: the log was changed",
                hint: "what was exported is in `\(target)`, without a checkpoint; keep it, and the database")
        }
        try directory.write(Array((key + "\n").utf8), to: "key")
        try directory.write(Array(note.utf8), to: "checkpoint")
    }

    private func write(_ bundle: inout [[UInt8]], _ tile: Tile, _ directory: LogDirectory) throws {
        guard let bytes = EntryBundle.encode(bundle) else {
            throw CommandFailure(
                message: "an event is longer than \(EntryBundle.longestEntry) octets", hint: nil)
        }
        try directory.write(bytes, to: tile.entriesPath)
        bundle = []
    }

    private func pages(
        _ client: SignetClient, from: UInt64, size: UInt64, _ take: ([[UInt8]]) throws -> Void
    ) async throws {
        var next = from
        var progress = Progress(of: size)
        while next < size {
            let page = try await client.call(
                ListAuditEventsOperation.self, .init(from: next, maxResults: Int(min(1000, size - next))))
            guard page.events.first?.index == next else {
                throw CommandFailure(
                    message: "the daemon has no event \(next), though its checkpoint has it", hint: nil)
            }
            try take(page.events.map { Array($0.body.bytes) })
            next += UInt64(page.events.count)
            progress.report(next)
        }
        progress.finish()
    }
}

/// Shows the progress of a long operation on standard error, if that is a terminal.
struct Progress {
    private let total: UInt64
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private let isShown = Output.isErrorTerminal

    init(of total: UInt64) { self.total = total }

    mutating func report(_ done: UInt64) {
        guard isShown, last.duration(to: .now) > .milliseconds(200) else { return }
        last = .now
        show(done, end: "")
    }

    func finish() { if isShown { show(total, end: "\n") } }

    /// Events a second since the start.
    func rate(_ done: UInt64) -> Int {
        Int(Double(done) / max(start.duration(to: .now) / .seconds(1), 0.001))
    }

    private func show(_ done: UInt64, end: EscapedText) {
        Output.progress("\r\(done) of \(total) events, \(rate(done)) a second\(end)")
    }
}
