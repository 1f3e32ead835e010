internal import AuditLog
internal import Logging
internal import ServiceLifecycle
internal import WitnessClient

/// Has the witnesses cosign every new checkpoint.
struct CosignatureCollector: Service {
    let cosignCheckpoint: CosignCheckpoint
    let witnesses: [HTTPWitness]
    let logger: Logger

    func run() async throws {
        guard !witnesses.isEmpty else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            var standing = witnesses.map { _ in WitnessStanding() }
            while !Task.isCancelled {
                let before = standing
                do {
                    try await cosignCheckpoint(with: witnesses, standing: &standing)
                } catch {
                    logger.error("cosignatures are not kept", metadata: ["reason": "\(error)"])
                }
                for (index, witness) in witnesses.enumerated() {
                    tell(witness.name, before[index].fault, standing[index].fault)
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
        for witness in witnesses { await witness.shutdown() }
    }

    /// Logs a change of a witness's state once.
    private func tell(_ name: String, _ before: WitnessFault?, _ fault: WitnessFault?) {
        switch (before, fault) {
        case (nil, let fault?):
            logger.error("a witness does not cosign", metadata: ["witness": "\(name)", "reason": "\(fault)"])
        case (.some, nil): logger.notice("a witness cosigns again", metadata: ["witness": "\(name)"])
        default: break
        }
    }
}
