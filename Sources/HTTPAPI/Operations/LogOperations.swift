internal import Authorization
internal import CA
internal import TransparencyLog
internal import WireAPI

extension Endpoint {
    static let listAuditEvents = Endpoint(ListAuditEventsOperation.self) { input, call in
        let authorized = try await call.authorize(
            ListAuditEvents(from: input.from ?? 0, limit: input.maxResults))
        let statement = authorized.statement
        let events = try await call.authorities.listAuditEvents(authorized)
        return (
            .init(events: events.map { .init(index: $0.index, body: Blob($0.body)) }), unrecorded: statement
        )
    }

    static let getCheckpoint = Endpoint(GetCheckpointOperation.self) { _, call in
        let authorized = try await call.authorize(GetCheckpoint())
        let statement = authorized.statement
        let (note, verifier) = try await call.authorities.getCheckpoint(authorized)
        return (
            .init(checkpoint: note?.encoded, verifierKey: verifier?.description), unrecorded: statement
        )
    }

    static let getIssuanceReceipt = Endpoint(GetIssuanceReceiptOperation.self) { input, call in
        let request = GetIssuanceReceipt(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            certificate: try parseARN(input.certificateArn))
        let authorized = try await call.authorize(request)
        let statement = authorized.statement
        let receipt = try await call.authorities.getIssuanceReceipt(authorized)
        return (
            .init(
                index: receipt.index, event: Blob(receipt.event), proof: receipt.proof.map { Blob($0.bytes) },
                checkpoint: receipt.checkpoint.encoded), unrecorded: statement
        )
    }
}
