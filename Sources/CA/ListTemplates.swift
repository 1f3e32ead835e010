public import Audit
public import Authorization
public import Issuance

public struct ListTemplates: Authorizable {
    public static let action = Action.listTemplates
    public let resource = "*"

    public init() {}
}

extension CertificateAuthorities {
    /// Every template, AWS's first.
    public func listTemplates(
        _ authorized: consuming Authorized<ListTemplates>, for call: APICall
    ) async throws(CAError) -> Audited<[TemplateCatalog.Entry]> {
        let statement = authorized.statement
        return try await answer(issuance.catalog.entries, to: call, allowedBy: statement)
    }
}
