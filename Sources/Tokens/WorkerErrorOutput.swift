internal import Foundation
internal import Logging
internal import VisibleText

/// The standard error of a worker, to which its module writes. It is logged line by line, escaped and
/// limited, so that a hostile module can neither forge a line nor fill the log.
struct WorkerErrorOutput: Sendable {
    /// Maximum octets of a line; the rest is dropped.
    static let lineLimit = 512
    /// Maximum lines that are logged in a minute; further lines are only counted.
    static let linesPerMinute = 20

    let descriptor: Int32
    let logger: Logger

    /// Reads on a thread of its own until the worker has ended, and closes the descriptor.
    func startReading() { Thread { [self] in read() }.start() }

    private func read() {
        defer { close(descriptor) }
        var lines = LineGate()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for line in lines.add(buffer[..<count], at: .now) { log(line) }
        }
        for line in lines.finish() { log(line) }
    }

    private func log(_ line: LineGate.Line) {
        switch line {
        case .text(let octets):
            let text = EscapedText(octets: octets, limit: Self.lineLimit).text
            logger.warning("the token worker wrote", metadata: ["text": "\(text)"])
        case .dropped(let count):
            logger.warning("the token worker wrote more than is logged", metadata: ["lines": "\(count)"])
        }
    }
}

/// Splits octets into lines, and passes a limited number of them in a minute.
struct LineGate {
    enum Line: Equatable {
        case text([UInt8])
        /// The number of lines that were dropped.
        case dropped(Int)
    }

    /// At most one octet more than the limit, to detect a line that is too long.
    private var line: [UInt8] = []
    private var minute: ContinuousClock.Instant?
    private var passed = 0
    private var dropped = 0

    mutating func add(_ octets: ArraySlice<UInt8>, at now: ContinuousClock.Instant) -> [Line] {
        var lines: [Line] = []
        if let began = minute, now - began >= .seconds(60) {
            lines += finishMinute()
        }
        for octet in octets {
            if octet == UInt8(ascii: "\n") {
                lines += endLine(at: now)
            } else if line.count <= WorkerErrorOutput.lineLimit {
                line.append(octet)
            }
        }
        return lines
    }

    /// The remaining lines at the end of the output.
    mutating func finish() -> [Line] { endLine(at: .now) + finishMinute() }

    private mutating func endLine(at now: ContinuousClock.Instant) -> [Line] {
        defer { line = [] }
        guard !line.isEmpty else { return [] }
        if minute == nil { minute = now }
        guard passed < WorkerErrorOutput.linesPerMinute else {
            dropped += 1
            return []
        }
        passed += 1
        return [.text(line)]
    }

    private mutating func finishMinute() -> [Line] {
        defer { (minute, passed, dropped) = (nil, 0, 0) }
        return dropped > 0 ? [.dropped(dropped)] : []
    }
}
