public import Foundation
internal import Synchronization

/// The limits of an intent for many signatures.
public struct BatchLimits: Sendable, Hashable {
    /// How many signatures are made at most.
    public let signatures: Int
    /// When the last one is made at the latest.
    public let end: Date

    /// Signatures of one batch.
    public static let mostSignatures = 100_000
    /// Seconds of one batch.
    public static let longest: TimeInterval = 60

    init(from start: Date, signatures: Int = Self.mostSignatures) {
        self.signatures = min(signatures, Self.mostSignatures)
        end = start.addingTimeInterval(Self.longest)
    }
}

/// The durable intent for a number of OCSP responses of one responder's key, until a time. It replaces an
/// intent for each response: the key signs answers that anyone can ask for, so their number is what the log
/// can show. Only ``SigningCycle`` makes one.
public final class SignatureBatch: Sendable {
    let intent: SignatureIntent
    let key: SigningKey
    private let state = Mutex(State())

    private struct State {
        /// Signatures that were begun. Each may have been made.
        var begun = 0
        var inProgress = 0
        var isOver = false
        /// The call that waits for the signatures in progress.
        var waiter: CheckedContinuation<Void, Never>?
    }

    init(intent: SignatureIntent, key: SigningKey) {
        self.intent = intent
        self.key = key
    }

    /// When the last signature is made at the latest.
    public var end: Date { intent.batch?.end ?? intent.time }

    /// Whether it permits no further signature.
    public func isOver(at now: Date) -> Bool { state.withLock { isOver($0, at: now) } }

    private func isOver(_ state: State, at now: Date) -> Bool {
        // A clock that was set back is before the intent.
        state.isOver || now >= end || now < intent.time || state.begun >= (intent.batch?.signatures ?? 0)
    }

    /// Counts a signature. ``leave()`` must follow when it is made or has failed.
    func enter(at now: Date) throws(SigningFailure) {
        let isEntered = state.withLock { state in
            if isOver(state, at: now) { return false }
            state.begun += 1
            state.inProgress += 1
            return true
        }
        guard isEntered else { throw .batchOver }
    }

    func leave() {
        let waiter = state.withLock { state in
            state.inProgress -= 1
            guard state.inProgress == 0 else { return nil as CheckedContinuation<Void, Never>? }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Permits no further signature, and waits for those in progress.
    /// - Returns: how many were begun; nil when the batch was ended before
    func end() async -> Int? {
        let isFirst = state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        guard isFirst else { return nil }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.inProgress > 0 { state.waiter = continuation }
                return state.inProgress == 0
            }
            if isIdle { continuation.resume() }
        }
        return state.withLock { $0.begun }
    }
}
