public import Audit
public import Authorization
public import RecordKeeping

/// Lists tokens.
public struct ListTokens: Sendable {
    let inventory: any TokenInventory
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.listTokens
        public let resource = "*"

        public init() {}
    }

    /// Every token, in the order in which they are tried.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<[CustodyToken]> {
        try await recorder.answer(authorized, for: call) { _ in await inventory.tokens() }
    }
}
