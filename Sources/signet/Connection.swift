internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import JSON
internal import VisibleText
internal import WireAPI

/// Options every command has.
struct Connection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's socket; the environment variable SIGNET_SOCKET says it too.",
            valueName: "path"))
    var socket: String?

    @Flag(help: "Print the API's own JSON.")
    var json = false

    /// Runs `body` with a client, and turns errors into a message and a hint.
    func run(_ body: (SignetClient) async throws -> Void) async throws {
        let path = socket ?? ProcessInfo.processInfo.environment["SIGNET_SOCKET"] ?? "/run/signet/signet.sock"
        if let fault = ServerTrust.fault(ofSocket: path) {
            throw Failure.exit(
                for: UsageFailure(
                    message: fault,
                    hint:
                        "nothing was sent; name the daemon's socket, in a directory that only the daemon's user can write"
                ))
        }
        let client = SignetClient(socketPath: path)
        do {
            try await body(client)
        } catch {
            try? await client.shutdown()
            throw Failure.exit(for: error)
        }
        try? await client.shutdown()
    }

    func printJSON(_ value: some Encodable) throws {
        Output.json(try WireCoding.value(of: value).indented())
    }
}

/// An argument of the user is invalid.
struct UsageFailure: Error {
    let message: EscapedText
    let hint: EscapedText?
}

enum Failure {
    /// Writes the error to standard error, and returns the exit status.
    static func exit(for error: any Error) -> any Error {
        switch error {
        case let error as APIClientError:
            // The daemon's message quotes the request, and may have several lines.
            Output.error(EscapedText(quoting: "\(error)", margin: "  "), hint: hint(error))
        case let error as UsageFailure: Output.error(error.message, hint: error.hint)
        case let error as CocoaError:
            // The system's message may not name the file.
            Output.error("\(error.filePath.map { "`\($0)`: " } ?? "")\(error.localizedDescription)")
        // The library's own, some of which are internal to it: a request for help among them.
        case _ where String(reflecting: type(of: error)).hasPrefix("ArgumentParser."): return error
        default: Output.error("\(error: error)")
        }
        return ExitCode.failure
    }

    private static func hint(_ error: APIClientError) -> EscapedText? {
        switch error {
        case .unreachable: "is signetd running? Name its socket with --socket or SIGNET_SOCKET"
        case .service("AccessDeniedException", _, _):
            "the daemon's configuration maps users to principals and gives them policies"
        case .service("RequestInProgressException", _, _):
            "ask again later; `signet approval list` shows the requests that wait for officers"
        case .service("InternalFailure", _, let requestID?):
            "the daemon's log tells more under the request \(requestID)"
        default: nil
        }
    }
}
