public import Foundation

/// A program that has ended.
public struct Command: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String

    /// Runs a program found on PATH, with these variables added to the environment, and waits for it.
    @discardableResult
    public static func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: Data? = nil
    ) throws -> Command {
        let directory = try TemporaryDirectory()
        var source = ChildProcess.Stream.null
        if let input {
            try directory.write("input", input)
            source = .file(try FileHandle(forReadingFrom: directory.url("input")))
        }
        // The daemon may be committing something in the background.
        let arguments = program == "sqlite3" ? ["-cmd", ".timeout 60000"] + arguments : arguments
        // Files instead of pipes, because a program with much output would block on a full pipe.
        let status = try ChildProcess(
            program, arguments, environment: environment, input: source,
            output: .file(directory.handle("output")), errors: .file(directory.handle("errors"))
        ).wait()
        return Command(
            status: status.code, output: try directory.text("output"), errors: try directory.text("errors"))
    }

    /// Throws if the program failed.
    public func require() throws {
        guard status == 0 else {
            throw CommandFailure(description: "ended with \(status): \(output)\(errors)")
        }
    }

    /// Runs a program that must succeed, and returns its output.
    @discardableResult
    public static func output(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: Data? = nil
    ) throws -> String {
        let command = try run(program, arguments, environment: environment, input: input)
        guard command.status == 0 else {
            throw CommandFailure(
                description: "\(program) \(arguments.joined(separator: " ")) ended with \(command.status): "
                    + command.output + command.errors)
        }
        return command.output
    }
}

public struct CommandFailure: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}
