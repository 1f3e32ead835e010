internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import JSON
internal import LocalCertificates
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
                for: CommandFailure(
                    message: fault,
                    hint:
                        "nothing was sent; name the daemon's socket, in a directory that only the daemon's user can write"
                ))
        }
        let client = SignetClient(socketPath: path)
        do {
            try await body(client)
        } catch {
            let explanation = await DenialExplanation(client: client).text(for: error)
            try? await client.shutdown()
            throw Failure.exit(for: error, explanation: explanation)
        }
        try? await client.shutdown()
    }

    func printJSON(_ value: some Encodable) throws {
        Output.json(try WireCoding.value(of: value).indented())
    }
}

/// Why a command ended without its result.
struct CommandFailure: Error {
    let message: EscapedText
    let hint: EscapedText?
    let status: ExitStatus

    init(message: EscapedText, hint: EscapedText?, status: ExitStatus = .failure) {
        self.message = message
        self.hint = hint
        self.status = status
    }
}

enum Failure {
    /// Throws when a part of the output was lost.
    static func requireOutput() throws(CommandFailure) {
        guard let loss = Output.outputLoss else { return }
        throw CommandFailure(
            message: "the output cannot be written: \(loss)",
            hint: "what was asked for has been done; see where the output goes")
    }

    /// Writes the error to standard error, and returns the exit status.
    /// - Parameter explanation: why policies deny the request, where it is known
    static func exit(for error: any Error, explanation: EscapedText? = nil) -> any Error {
        switch error {
        case let error as APIClientError:
            // The daemon's message quotes the request, and may have several lines.
            Output.error(
                EscapedText(quoting: "\(error)", margin: "  "), hint: explanation == nil ? hint(error) : nil)
            if let explanation { Output.note(explanation) }
            return ExitStatus(error).code
        case let error as CommandFailure:
            Output.error(error.message, hint: error.hint)
            return error.status.code
        case let error as LocalCertificateFailure:
            Output.error("\(error: error)")
            switch error.kind {
            case .busy: return ExitStatus.unavailable.code
            case .notFound: return ExitStatus.notFound.code
            case .denied: return ExitStatus.denied.code
            case .usage: return ExitStatus.usage.code
            case .failed: return ExitStatus.failure.code
            }
        case let error as CocoaError:
            let failure = CommandFailure(reading: error.filePath ?? "", error)
            Output.error(failure.message, hint: failure.hint)
            return failure.status.code
        // The library's own, some of which are internal to it: a request for help among them.
        case _ where String(reflecting: type(of: error)).hasPrefix("ArgumentParser."): return error
        default: Output.error("\(error: error)")
        }
        return ExitStatus.failure.code
    }

    private static func hint(_ error: APIClientError) -> EscapedText? {
        switch error {
        case .unreachable(let path, _, EACCES):
            "this user may not write to the socket\(group(ofSocket: path)); after a change of groups, log in again"
        case .unreachable: "is signetd running? Name its socket with --socket or SIGNET_SOCKET"
        case .service("AccessDeniedException", _, let requestID?):
            "an administrator sees the reason with `signet policy explain --event \(requestID)`"
        case .service("RequestInProgressException", let message, _):
            message.contains(" waits for ")
                ? "`signet approval list` shows it. It is carried out with the last approval, so do not ask again; a certificate is then fetched with `signet certificate get ARN`"
                : "ask again later"
        case .service("ResourceNotFoundException", let message, _)
        where message.hasPrefix("There is no token"):
            "`signet token list` shows the tokens"
        case .service("ResourceNotFoundException", let message, _)
        where message.hasPrefix("There is no request"):
            "`signet approval list` shows the requests that wait"
        case .service("CertificateMismatchException", let message, _)
        where message.contains(" needs a CertificateChain"):
            "give the certificates between it and the root, and the root, with --chain FILE"
        case .service("InternalFailure", _, let requestID?):
            "the daemon's log tells more under the request \(requestID)"
        default: nil
        }
    }

    private static func group(ofSocket path: String) -> EscapedText {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let group = attributes?[.groupOwnerAccountName] as? String else { return "" }
        return ", which is for members of the group `\(group)`"
    }
}
