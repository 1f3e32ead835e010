public import Audit
public import Authorization
public import Foundation
internal import Storage
public import TransparencyLog

/// Proves that an event is in the log.
public struct GetEventProof: Authorizable {
    public static let action = Action.getEventProof
    public let resource = "*"

    public enum Event: Sendable, Hashable {
        /// An eventID or requestID.
        case id(String)
        /// 0 is the oldest.
        case index(UInt64)
    }

    public let event: Event

    public init(event: Event) { self.event = event }
}

/// An event of the log, with what proves that it is there.
public struct ProvenEvent: Sendable {
    public let index: UInt64
    /// The event, to the byte.
    public let event: Data
    public let proof: [TreeHash]
    public let checkpoint: SignedNote
}

extension CertificateAuthorities {
    /// An event, proven in a signed checkpoint.
    /// - Throws: ``CAError/eventNotFound(_:)``, ``CAError/invalidState(_:)`` for a log without a name
    public func getEventProof(
        _ authorized: consuming Authorized<GetEventProof>, for call: APICall
    ) async throws(CAError) -> Audited<ProvenEvent> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: GetEventProof
    ) async throws(CAError) -> ProvenEvent {
        switch request.event {
        case .id(let id): try await provenEvent(try await event(id: id).index)
        case .index(let index): try await provenEvent(index)
        }
    }

    /// The event at an index, in the first checkpoint that holds it.
    func provenEvent(_ index: UInt64) async throws(CAError) -> ProvenEvent {
        do {
            guard try await store.logSize() > index, let position = Int64(exactly: index),
                let event = try await store.events(from: position, limit: 1).first
            else { throw CAError.eventNotFound("\(index)") }
            let known = try await store.checkpoint(of: index + 1)
            let note: SignedNote?
            if let known { note = try SignedNote(encoded: known) } else { note = try await checkpoint() }
            guard let note else { throw CAError.eventNotFound("\(index)") }
            let size = try Checkpoint(text: note.text).size
            guard index < size else {
                throw CAError.requestInProgress("the event \(index) is not in a checkpoint yet")
            }
            return ProvenEvent(
                index: index, event: event.body,
                proof: try await store.inclusionProof(of: index, size: size), checkpoint: note)
        } catch let error as CAError { throw error } catch let error as StorageError {
            throw .storage(error)
        } catch { throw .storage(.corrupt("a checkpoint")) }
    }
}
