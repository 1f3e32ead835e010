internal import ArgumentParser
internal import Logging
internal import PKIX
internal import Signing
internal import TokenProtocol
internal import Tokens
internal import X509

struct WorkerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "C_Sign through the worker process, without anything around it.")

    @Option var worker: String
    @Option var module: String
    @Option var uri: String
    @Option var pinFile: String
    @Option var softhsmConf: String
    @Option var sessions = 2
    @Option var seconds = 3.0
    @Option var callers = 1
    @Option(help: "ecP256, rsa2048 and so on.") var key = "ecP256"

    func run() async throws {
        let token = Token(
            configuration: TokenConfiguration(
                workerPath: worker, module: ModuleLocation(path: module), tokenURI: uri, pin: .file(pinFile),
                environment: ["SOFTHSM2_CONF": softhsmConf], sessions: sessions),
            logger: Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() }))
        var generator = SystemRandomNumberGenerator()
        let identifier = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        guard let kind = KeyKind.allCases.first(where: { "\($0)" == key }), kind.family != .edwards else {
            throw ValidationError("`\(key)` is not a kind of key.")
        }
        let made = try await token.generateKeyPair(kind, identifier: identifier, label: "bench")
        let reference = PinnedKey(kind, identifier: identifier, publicKey: made.publicKey)
        let digest = [UInt8](repeating: 1, count: 32)
        try await Measurement.run(callers: callers, seconds: seconds) { _ in
            _ = try await token.unverifiedSignature(digest, .sha256, with: reference, .daemon)
        } finally: {
            await token.close()
        }
    }
}
