internal import Foundation
internal import RecordKeeping
internal import Storage
internal import TransparencyLog

/// Finds events of the log and proves their inclusion.
struct EventLookup: Sendable {
    let store: any AuditLogStore
    let checkpoints: LogCheckpoints

    /// - Parameter id: an eventID or requestID
    /// - Throws: ``CAError/invalidArguments(_:)`` for an id that is not a UUID, ``CAError/eventNotFound(_:)``
    func event(id: String) async throws(CAError) -> (index: UInt64, body: Data) {
        // Both are UUIDs. Any other text would be searched in the bodies of events.
        guard UUID(uuidString: id) != nil else {
            throw .invalidArguments("the Id must be an eventID or a requestID")
        }
        do {
            guard let event = try await store.event(id: id.lowercased()) else {
                throw CAError.eventNotFound(id)
            }
            return (UInt64(event.index), event.body)
        } catch let error as CAError { throw error } catch let error as StorageError {
            throw .storage(error)
        } catch { throw .storage(.corrupt("the event \(id)")) }
    }

    /// The event at an index, proven in a checkpoint that covers it.
    func proven(_ index: UInt64) async throws(CAError) -> ProvenEvent {
        do {
            guard try await store.logSize() > index, let position = Int64(exactly: index),
                let event = try await store.events(from: position, limit: 1).first
            else { throw CAError.eventNotFound("\(index)") }
            let known = try await store.checkpoint(of: index + 1)
            let note: SignedNote?
            if let known {
                note = try SignedNote(encoded: known)
            } else {
                note = try await checkpoints.newest()
            }
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
