public import Authorization

public struct ListTokens: Authorizable {
    public static let action = Action.listTokens
    public let resource = "*"

    public init() {}
}

extension CertificateAuthorities {
    /// Every token, in the order in which they are tried.
    public func listTokens(_ authorized: consuming Authorized<ListTokens>) async -> [CustodyToken] {
        await custody.tokens()
    }
}
