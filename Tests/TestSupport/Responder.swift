public import Foundation

/// A real `signet-responder` of a daemon, on a free port of this host.
public final class Responder: Sendable {
    private let process: ChildProcess
    public let port: Int
    public let log: TemporaryDirectory

    /// - Parameter options: further options of its command line
    public init(of daemon: Daemon, options: [String] = []) throws {
        log = try TemporaryDirectory()
        let output = Pipe()
        process = try ChildProcess(
            Products.path("signet-responder"),
            [
                "--listen", "127.0.0.1:0", "--directory", daemon.directory.path("published"), "--socket",
                daemon.socketPath,
            ] + options, output: .pipe(output), errors: .file(log.handle("log")))
        let line = output.nextLine()
        guard let port = line.split(separator: ":").last.flatMap({ Int($0) }) else {
            process.terminate()
            throw CommandFailure(
                description: "signet-responder did not start: \(line) \((try? log.text("log")) ?? "")")
        }
        self.port = port
    }

    deinit { process.terminate() }

    public var url: String { "http://127.0.0.1:\(port)" }

    /// Ends it, and returns its exit status.
    public func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        process.send(signal)
        return process.wait().code
    }
}
