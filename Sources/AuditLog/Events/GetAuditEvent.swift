public import Audit
public import Authorization
public import Foundation
public import RecordKeeping

/// Shows one event of the log.
public struct GetAuditEvent: Sendable {
    let events: EventLookup
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.getAuditEvent
        public let resource = "*"
        /// An eventID or requestID.
        public let id: String

        public init(id: String) { self.id = id }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<Data> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            try await events.event(id: request.id).body
        }
    }
}
