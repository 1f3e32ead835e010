internal import Ceremony
internal import Foundation
internal import TokenProtocol
internal import VisibleText

/// Asks the officers of a ceremony at the terminal.
struct OfficerPrompt {
    /// How often each officer can type the name.
    private static let mostTries = 3
    /// The octets of a line that are kept; a longer line is no name.
    private static let longestLine = 1024

    private let terminal: FileHandle

    init() throws {
        guard let terminal = FileHandle(forUpdatingAtPath: "/dev/tty") else {
            throw WorkerFailure(.configuration, "officers confirm at a terminal, and there is none")
        }
        self.terminal = terminal
    }

    /// Returns once the officer has typed the name as the file has it. A mistyped name can be typed again, because
    /// nothing is made yet.
    /// - Throws: ``CeremonyError/notConfirmed(_:)`` after the last try, and at the end of the input
    func confirm(_ officer: CeremonyFile.Officer, _ ceremony: CeremonyFile) throws {
        show(
            """

            \(officer.name) (\(officer.role)): do you confirm the ceremony file with the SHA-256
            \(ceremony.digest)?

            """)
        for left in (0..<Self.mostTries).reversed() {
            show("Type your name to confirm: ")
            guard let line = try readLine() else { break }
            // A keyboard can compose an accent in another way than the file.
            if line.count <= Self.longestLine, String(decoding: line, as: UTF8.self) == officer.name {
                return
            }
            let rest: EscapedText =
                switch left {
                case 0: "that was the last try"
                case 1: "one try is left"
                default: "\(left) tries are left"
                }
            show("`\(EscapedText(octets: line, limit: 256))` is not the name in the ceremony file; \(rest)\n")
        }
        throw CeremonyError.notConfirmed(officer.name)
    }

    private func show(_ text: EscapedText) { terminal.write(Data(text.text.utf8)) }

    /// A line without its line feed, read to its end so that its rest is not the next try. Nil at the end of
    /// the input.
    private func readLine() throws -> [UInt8]? {
        var line: [UInt8] = []
        while let octet = try terminal.read(upToCount: 1)?.first {
            if octet == UInt8(ascii: "\n") { return line }
            if line.count <= Self.longestLine { line.append(octet) }
        }
        return nil
    }
}
