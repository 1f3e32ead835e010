internal import Foundation

/// Runs a program on its own terminal and answers its questions.
public enum Terminal {
    /// - Parameter answers: question and answer, in order
    public static func run(
        _ answers: [(String, String)], _ program: String, _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> Command {
        let list = try JSONSerialization.data(withJSONObject: answers.map { [$0.0, $0.1] })
        return try Command.run(
            Products.python,
            [
                "\(Products.root)/Tests/IntegrationTests/Python/terminal.py",
                String(decoding: list, as: UTF8.self),
                program,
            ] + arguments, environment: environment)
    }
}
