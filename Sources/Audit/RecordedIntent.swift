/// Something that keeps intents. Returning means that the intent survives a crash of the machine.
public protocol IntentRecorder: Sendable {
    /// What is claimed together with an intent, all or nothing: a serial number, say.
    associatedtype Claim: Sendable
    associatedtype Failure: Error

    func record(_ intent: SignatureIntent, event: AuditEvent, claiming: [Claim]) async throws(Failure)
}

/// An intent that is on disk: the permit to ask a token for that signature, once. Only
/// ``recording(_:scope:claiming:on:)`` makes one.
public struct RecordedIntent: ~Copyable, Sendable {
    public let intent: SignatureIntent

    private init(_ intent: SignatureIntent) {
        self.intent = intent
    }

    /// Records `intent` and its event, durably, before it returns.
    public static func recording<Recorder: IntentRecorder>(
        _ intent: SignatureIntent, scope: AuditScope, claiming claims: [Recorder.Claim], on recorder: Recorder
    ) async throws(Recorder.Failure) -> RecordedIntent {
        try await recorder.record(intent, event: intent.event(scope: scope), claiming: claims)
        return RecordedIntent(intent)
    }
}
