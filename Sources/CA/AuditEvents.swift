public import Audit
public import Authorization
public import Foundation
internal import Storage

/// Shows one event of the log.
public struct GetAuditEvent: Authorizable {
    public static let action = Action.getAuditEvent
    public let resource = "*"
    /// An eventID or requestID.
    public let id: String

    public init(id: String) { self.id = id }
}

extension CertificateAuthorities {
    public func getAuditEvent(
        _ authorized: consuming Authorized<GetAuditEvent>, for call: APICall
    ) async throws(CAError) -> Audited<Data> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: GetAuditEvent
    ) async throws(CAError) -> Data {
        try await event(id: request.id).body
    }

    /// - Parameter id: an eventID or requestID
    /// - Throws: ``CAError/invalidArguments(_:)`` for what is no UUID, ``CAError/eventNotFound(_:)``
    func event(id: String) async throws(CAError) -> (index: UInt64, body: Data) {
        // Both are UUIDs; anything else would be looked for in the text of events.
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
}
