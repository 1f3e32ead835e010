internal import ArgumentParser
internal import HSM
internal import Logging
internal import PKIX
internal import TokenProtocol
internal import X509

struct WorkerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "C_Sign through the worker process, P-256, without anything around it.")

    @Option var worker: String
    @Option var module: String
    @Option var uri: String
    @Option var pinFile: String
    @Option var softhsmConf: String
    @Option var sessions = 2
    @Option var seconds = 3.0
    @Option var callers = 1

    func run() async throws {
        let token = Token(
            configuration: TokenConfiguration(
                workerPath: worker, modulePath: module, tokenURI: uri, pinFile: pinFile,
                environment: ["SOFTHSM2_CONF": softhsmConf], sessions: sessions),
            logger: Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() }))
        var generator = SystemRandomNumberGenerator()
        let identifier = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: identifier, label: "bench")
        let digest = [UInt8](repeating: 1, count: 32)
        try await Measurement.run(callers: callers, seconds: seconds) { _ in
            _ = try await token.unverifiedSignature(
                digest, .sha256, .ecPrime256v1, identifier: identifier, pinned: key.publicKey)
        }
        await token.close()
    }
}
