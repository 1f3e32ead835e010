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
    public func getAuditEvent(_ authorized: consuming Authorized<GetAuditEvent>) async throws(CAError) -> Data
    {
        let id = authorized.request.id
        // Both are UUIDs; anything else would be looked for in the text of events.
        guard UUID(uuidString: id) != nil else {
            throw .invalidArguments("the Id must be an eventID or a requestID")
        }
        let event: Data?
        do { event = try await store.event(id: id.lowercased()) } catch { throw .storage(error) }
        guard let event else { throw .eventNotFound(id) }
        return event
    }
}
