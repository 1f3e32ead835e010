public import Audit
public import Authorization

public struct ListTokens: Authorizable {
    public static let action = Action.listTokens
    public let resource = "*"

    public init() {}
}

extension CertificateAuthorities {
    /// Every token, in the order in which they are tried.
    public func listTokens(
        _ authorized: consuming Authorized<ListTokens>, for call: APICall
    ) async throws(CAError) -> Audited<[CustodyToken]> {
        let statement = authorized.statement
        return try await answer(await inventory.tokens(), to: call, allowedBy: statement)
    }
}
