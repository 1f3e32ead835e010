public import APIClient
public import Foundation

/// A real `signetd` on a real token, in its own directory.
public final class Daemon: Sendable {
    /// Workers that a test suspends must not be abandoned meanwhile, although the machine is busy.
    private static let patience = "    sign-seconds: 60"
    public static let administrator = "arn:aws:iam::000000000000:role/administrator"

    public let directory: TemporaryDirectory
    public let token: SoftHSM
    public var socketPath: String { directory.path("s") }

    nonisolated(unsafe) private var process: ChildProcess?
    // because one test uses it from one task; the class is only Sendable so that it can be captured.

    /// - Parameters:
    ///   - principals: YAML list entries below `principals:`; by default the test's user may do everything
    ///   - limits: YAML below `limits:`
    ///   - policies: additional policy files, by name
    ///   - module: the module that the daemon loads, which may wrap SoftHSM
    ///   - token: an existing token; by default the daemon gets its own
    ///   - tokens: YAML appended to the first entry of `tokens:`: more keys of the entry, more tokens, or
    /// more top-level keys
    public init(
        principals: String? = nil, tokens: String = "", limits: String = "idle-seconds: 30",
        policies: [String: String] = [:], module: String = SoftHSM.modulePath, on token: SoftHSM? = nil
    ) throws {
        directory = try TemporaryDirectory()
        self.token = try token ?? SoftHSM(directory)
        try directory.write(
            "administrator.json",
            """
            {"Version": "2012-10-17",
             "Statement": [{"Effect": "Allow", "Action": ["acm-pca:*", "signet:*"], "Resource": "*"}]}
            """)
        for (name, text) in policies { try directory.write(name, text) }
        let allowAll = """
              - uid: \(geteuid())
                arn: \(Self.administrator)
                policies: [administrator.json]
            """
        try directory.write(
            "signetd.yaml",
            """
            database: signet.sqlite
            socket:
              path: s
              mode: "0666"
            limits:
              \(limits)
            worker: \(Products.path("signet-token-worker"))
            tokens:
              - name: main
                module: \(module)
                uri: "\(SoftHSM.uri)"
                pin:
                  file: \(self.token.pinFile)
            \(tokens.contains("sign-seconds") ? "" : Self.patience)
            \(self.token.directory === directory ? "" : "    paths: [\(self.token.directory.path)]")
                environment:
                  SOFTHSM2_CONF: \(self.token.directory.path("softhsm2.conf"))
            \(tokens)
            principals:
            \(principals ?? allowAll)
            """)
    }

    deinit { process?.terminate() }

    public var processIdentifier: Int32 { process?.processIdentifier ?? 0 }

    /// Starts the daemon and returns once it serves.
    /// - Parameters:
    ///   - wrappedIn: a program with arguments that runs the daemon
    ///   - isReadyWhen: whether it serves, if its standard output is not available to the test
    public func start(
        wrappedIn wrapper: [String] = [], environment: [String: String] = [:],
        isReadyWhen: (() -> Bool)? = nil
    ) throws {
        let output = Pipe()
        let line = wrapper + [Products.path("signetd"), "--config", directory.path("signetd.yaml")]
        let process = try ChildProcess(
            line[0], Array(line[1...]), environment: environment, output: .pipe(output),
            errors: .file(directory.handle("log")))
        self.process = process
        if let isReadyWhen {
            let limit = Date(timeIntervalSinceNow: 30)
            while !isReadyWhen(), process.isRunning, Date() < limit { usleep(10_000) }
            guard isReadyWhen() else {
                throw CommandFailure(description: "signetd did not start: \(try log())")
            }
            return
        }
        // Ends with the line or with the process.
        guard output.nextLine().contains("ready") else {
            process.wait()
            throw CommandFailure(description: "signetd did not start: \(try log())")
        }
    }

    /// Sends a signal, waits for the end and returns the exit status.
    @discardableResult
    public func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        guard let process else { return -1 }
        process.send(signal)
        self.process = nil
        return process.wait().code
    }

    public func log() throws -> String { try directory.text("log") }

    /// The process identifiers of the daemon's workers.
    public func workers() -> [Int32] {
        let children = "/proc/\(processIdentifier)/task"
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: children)) ?? []
        return tasks.flatMap { task in
            let text = (try? String(contentsOfFile: "\(children)/\(task)/children", encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Suspends the workers after they have listed their keys, which the daemon requests at the opening. A
    /// worker suspended during that request would be killed at its deadline and replaced without the test
    /// noticing.
    public func suspendWorkers() async throws -> [Suspension] {
        try await waitForKeyComparison()
        return try workers().map { try Suspension($0) }
    }

    /// Returns once the keys of a token have been compared with their rows since the start and no difference
    /// was reported.
    public func waitForKeyComparison() async throws {
        let limit = ContinuousClock.now + .seconds(120)
        while try !log().contains("the private keys on the token were compared with the records") {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "the keys were not compared: \(try log())")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Runs `body` with a client of this daemon.
    public func client<Result>(_ body: (SignetClient) async throws -> Result) async throws -> Result {
        let client = SignetClient(socketPath: socketPath)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            if case APIClientError.service("InternalFailure", _, _) = error { printLog() }
            throw error
        }
    }

    /// The answer of `/health/ready`, with its head.
    public func health() throws -> String {
        try Command.output(
            "curl", ["--silent", "--include", "--unix-socket", socketPath, "http://signet/health/ready"])
    }

    /// Returns once every token serves.
    public func waitUntilReady() async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try !health().hasSuffix("\r\nready\n") {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "it is not ready: \(try health())")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Runs the `signet` command line against this daemon.
    public func signet(_ arguments: [String]) throws -> Command {
        let command = try Command.run(
            Products.path("signet"), arguments, environment: ["SIGNET_SOCKET": socketPath])
        if command.errors.contains("InternalFailure") { printLog() }
        return command
    }

    /// The reason of an InternalFailure is only in the daemon's log, which is deleted with the test.
    private func printLog() { print("InternalFailure; the daemon's log:\n\((try? log()) ?? "")") }

    /// Returns once an event with this name is in the log. Throws after a minute.
    public func waitForEvent(ofDaemon: Bool = false, _ name: String) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try !events(ofDaemon: ofDaemon).contains(where: { $0["eventName"] as? String == name }) {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "there is no event \(name): \(try log())")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Runs a copy of `signet` as another user, which may not be able to reach the build folder. Needs root.
    public func signet(
        _ arguments: [String], uid: Int, gid: Int, groups: [Int] = [], wrappedIn wrapper: [String] = []
    ) throws -> Command {
        let copy = directory.path("signet")
        if !FileManager.default.fileExists(atPath: copy) {
            try FileManager.default.copyItem(atPath: Products.path("signet"), toPath: copy)
        }
        let list = groups.map(String.init).joined(separator: ",")
        let user = [
            "setpriv", "--reuid=\(uid)", "--regid=\(gid)",
            groups.isEmpty ? "--clear-groups" : "--groups=\(list)",
        ]
        let line = wrapper + user + [copy] + arguments
        return try Command.run(line[0], Array(line.dropFirst()), environment: ["SIGNET_SOCKET": socketPath])
    }

    /// Appends YAML to the configuration.
    public func extend(_ yaml: String) throws {
        try directory.write("signetd.yaml", try directory.text("signetd.yaml") + "\n" + yaml + "\n")
    }

    /// The events in the log as JSON, read by a program other than the daemon.
    /// - Parameter ofDaemon: whether to return the events of the daemon itself (its start and stop, its
    /// tokens) or all others
    public func events(ofDaemon: Bool = false) throws -> [[String: Any]] {
        let text = try Command.output(
            "sqlite3", [directory.path("signet.sqlite"), "SELECT body FROM event ORDER BY position"])
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }.filter { Self.isOfDaemon($0) == ofDaemon }
    }

    /// Whether an event is of the daemon itself: CRLs are made in the background, whenever they are due.
    private static func isOfDaemon(_ event: [String: Any]) -> Bool {
        let name = event["eventName"] as? String ?? ""
        let details = event["serviceEventDetails"] as? [String: Any]
        return isOfDaemon(name) || name == "GenerateCRL"
            || details?["purpose"] as? String == "CertificateList"
    }

    /// Whether an event with that name is an event of the daemon itself.
    public static func isOfDaemon(_ event: String) -> Bool {
        event.hasPrefix("Token") || event.hasPrefix("Daemon")
    }
}
