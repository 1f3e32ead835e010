public import Audit
public import Authorization
public import RecordKeeping

/// Proves that an event is in the log.
public struct GetEventProof: Sendable {
    let events: EventLookup
    let recorder: Recorder

    public struct Request: Authorizable {
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

    /// An event, proven in a signed checkpoint.
    /// - Throws: ``CAError/eventNotFound(_:)``, ``CAError/invalidState(_:)`` for a log without a name
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<ProvenEvent> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            switch request.event {
            case .id(let id): try await events.proven(try await events.event(id: id).index)
            case .index(let index): try await events.proven(index)
            }
        }
    }
}
