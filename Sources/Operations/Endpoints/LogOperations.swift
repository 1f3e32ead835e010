internal import Audit
internal import AuditLog
internal import Authorities
internal import Authorization
internal import TransparencyLog
internal import WireAPI

enum LogOperations {
    static let all: [Endpoint] = [
        listAuditEvents, getAuditEvent, getCheckpoint, getIssuanceReceipt, getEventProof,
    ]

    static let listAuditEvents = Endpoint(ListAuditEventsOperation.self) { input, call in
        let authorized = try await call.authorize(
            ListAuditEvents.Request(EventQuery(input), from: input.from, limit: input.maxResults))
        return try await call.auditLog.listAuditEvents(authorized, for: call.event).map { page in
            .init(
                events: page.events.map { .init(index: $0.index, body: Blob($0.body)) },
                nextFrom: page.next, isTruncated: page.isTruncated, logSize: page.logSize)
        }
    }

    static let getAuditEvent = Endpoint(GetAuditEventOperation.self) { input, call in
        let authorized = try await call.authorize(GetAuditEvent.Request(id: input.id))
        return try await call.auditLog.getAuditEvent(authorized, for: call.event).map {
            .init(event: String(decoding: $0, as: UTF8.self))
        }
    }

    static let getCheckpoint = Endpoint(GetCheckpointOperation.self) { _, call in
        let authorized = try await call.authorize(GetCheckpoint.Request())
        return try await call.auditLog.getCheckpoint(authorized, for: call.event).map { note, verifier in
            .init(checkpoint: note?.encoded, verifierKey: verifier?.description)
        }
    }

    static let getIssuanceReceipt = Endpoint(GetIssuanceReceiptOperation.self) { input, call in
        let request = GetIssuanceReceipt.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            certificate: try parseARN(input.certificateArn))
        let authorized = try await call.authorize(request)
        return try await call.auditLog.getIssuanceReceipt(authorized, for: call.event).map { .init($0) }
    }

    static let getEventProof = Endpoint(GetEventProofOperation.self) { input, call in
        let event = input.id.map { GetEventProof.Request.Event.id($0) } ?? .index(input.index ?? 0)
        let authorized = try await call.authorize(GetEventProof.Request(event: event))
        return try await call.auditLog.getEventProof(authorized, for: call.event).map { .init($0) }
    }
}

extension EventQuery {
    fileprivate init(_ input: ListAuditEventsOperation.Input) {
        self.init()
        eventName = input.eventName
        principal = input.principal
        certificateAuthority = input.certificateAuthorityArn
        outcome = input.outcome.flatMap { Outcome(rawValue: $0) }
        serialNumber = input.serialNumber
        keyIdentifier = input.keyIdentifier
        (start, end) = (input.startTime, input.endTime)
    }
}

extension ProvenEventShape {
    fileprivate init(_ event: ProvenEvent) {
        self.init(
            index: event.index, event: Blob(event.event), proof: event.proof.map { Blob($0.bytes) },
            checkpoint: event.checkpoint.encoded)
    }
}
