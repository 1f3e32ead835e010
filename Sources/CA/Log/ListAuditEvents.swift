public import Authorization
public import Foundation
internal import Storage
public import TransparencyLog

/// Shows events of the log, a page at a time.
public struct ListAuditEvents: Authorizable {
    public static let action = Action.listAuditEvents
    public let resource = "*"
    /// The first index that is wanted.
    public let from: UInt64
    public let limit: Int

    public init(from: UInt64, limit: Int?) {
        self.from = from
        self.limit = min(limit ?? 1000, 1000)
    }
}

public struct GetCheckpoint: Authorizable {
    public static let action = Action.getCheckpoint
    public let resource = "*"

    public init() {}
}

extension CertificateAuthorities {
    /// Events in their order, to the byte; fewer than asked for at the end of the log.
    public func listAuditEvents(
        _ authorized: consuming Authorized<ListAuditEvents>
    ) async throws(CAError) -> [(index: UInt64, body: Data)] {
        let request = authorized.request
        guard let from = Int64(exactly: request.from) else { return [] }
        do {
            return try await store.events(from: from, limit: request.limit).map {
                (UInt64($0.index), $0.body)
            }
        } catch { throw .storage(error) }
    }

    /// The newest checkpoint and the key it is verified with.
    public func getCheckpoint(
        _ authorized: consuming Authorized<GetCheckpoint>
    ) async throws(CAError) -> (note: SignedNote?, verifier: NoteVerifier?) {
        let note = try await publishedCheckpoint()
        return (note, try await logVerifier())
    }
}
