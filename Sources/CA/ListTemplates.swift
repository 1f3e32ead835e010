public import Authorization
public import Issuance

public struct ListTemplates: Authorizable {
    public static let action = Action.listTemplates
    public let resource = "*"

    public init() {}
}

extension CertificateAuthorities {
    /// Every template, AWS's first.
    public func listTemplates(_ authorized: consuming Authorized<ListTemplates>) -> [TemplateCatalog.Entry] {
        issuance.catalog.entries
    }
}
