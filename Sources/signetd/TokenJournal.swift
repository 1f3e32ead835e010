internal import Audit
internal import AuditLog
internal import Foundation
internal import JSON
internal import RecordKeeping
internal import ServiceLifecycle
internal import TokenProtocol
internal import Tokens

/// Records the events of tokens, and checks their keys when they are opened.
struct TokenJournal: Service {
    let events: AsyncStream<TokenEvent>
    let recorder: Recorder
    let reportUnrecordedKeys: ReportUnrecordedKeys
    let scope: AuditScope

    func run() async throws {
        for await event in events.cancelOnGracefulShutdown() {
            await recorder.recordNowOrLater(
                .service(
                    event.kind.event, scope: scope, time: Date(),
                    details: event.kind.details.merging(["token": .string(event.token)])))
            // A separate task, because a token that hangs must delay neither events nor the daemon's stop.
            if case .opened = event.kind {
                Task { await reportUnrecordedKeys(onToken: event.token) }
            }
        }
    }
}

extension TokenEvent.Kind {
    /// The name of the event in the log.
    fileprivate var event: ServiceEvent {
        switch self {
        case .opened: .tokenOpened
        case .traced: .tokenTraced
        case .notOpened: .tokenNotOpened
        case .workerReplaced: .tokenWorkerReplaced
        case .refused: .tokenRefused
        case .keyNotUsed: .keyNotUsed
        case .drained: .tokenDrained
        case .resumed: .tokenResumed
        }
    }

    fileprivate var details: JSONObject {
        switch self {
        case .opened(let token, let pin, let moduleDigest):
            [
                "label": .string(token.label), "serialNumber": .string(token.serialNumber),
                "manufacturer": .string(token.manufacturer), "model": .string(token.model),
                "firmware": .string(token.firmware), "library": .string(token.library),
                "pinSource": .string(pin), "moduleSHA256": moduleDigest.map { .string($0) } ?? .null,
            ]
        case .traced(let module, let output):
            ["traceModule": .string(module), "output": .string(output ?? "standard error")]
        case .notOpened(let reason), .workerReplaced(let reason), .refused(let reason):
            ["reason": .string(reason)]
        case .keyNotUsed(let identifier, let reason):
            ["keyIdentifier": .string(identifier), "reason": .string(reason)]
        case .drained, .resumed: [:]
        }
    }
}
