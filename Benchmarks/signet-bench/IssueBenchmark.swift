internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import WireAPI

struct IssueBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "IssueCertificate over the socket, durable, one connection a caller.")

    @Option var socket: String
    @Option var ca: String
    @Option var csr: String
    @Option var seconds = 5.0
    @Option var callers = 1

    func run() async throws {
        let clients = (0..<callers).map { _ in APIClient(socketPath: socket) }
        let input = IssueCertificateOperation.Input(
            certificateAuthorityArn: ca, csr: Blob(try Data(contentsOf: URL(fileURLWithPath: csr))),
            signingAlgorithm: "SHA256WITHECDSA", templateArn: nil, validity: .init(value: 30, type: "DAYS"))
        try await Measurement.run(callers: callers, seconds: seconds) { caller in
            _ = try await clients[caller].call(IssueCertificateOperation.self, input)
        }
        for client in clients { try await client.shutdown() }
    }
}
