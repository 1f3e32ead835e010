internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import JSON
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

    /// Runs `body` with a client and turns what goes wrong into a message and a hint.
    func run(_ body: (APIClient) async throws -> Void) async throws {
        let path = socket ?? ProcessInfo.processInfo.environment["SIGNET_SOCKET"] ?? "/run/signet/signet.sock"
        let client = APIClient(socketPath: path)
        do {
            try await body(client)
        } catch {
            try? await client.shutdown()
            throw Failure.exit(for: error)
        }
        try? await client.shutdown()
    }

    func printJSON(_ value: some Encodable) throws {
        print(try WireCoding.value(of: value).indented())
    }
}

/// Something the user gave cannot be used.
struct UsageFailure: Error {
    let message: String
    let hint: String?
}

enum Failure {
    /// Says what went wrong on standard error and with which status to leave.
    static func exit(for error: any Error) -> any Error {
        switch error {
        case let error as APIClientError: complain("\(error)", hint: hint(error))
        case let error as UsageFailure: complain(error.message, hint: error.hint)
        case let error as CocoaError:
            complain(error.localizedDescription, hint: nil)
        default: return error
        }
        return ExitCode.failure
    }

    private static func hint(_ error: APIClientError) -> String? {
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

    private static func complain(_ message: String, hint: String?) {
        var text = "error: \(message)\n"
        if let hint { text += "hint: \(hint)\n" }
        FileHandle.standardError.write(Data(text.utf8))
    }
}
