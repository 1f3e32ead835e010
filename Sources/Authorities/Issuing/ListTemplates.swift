public import Audit
public import Authorization
public import Issuance
public import RecordKeeping

/// Lists templates.
public struct ListTemplates: Sendable {
    let catalog: TemplateCatalog
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.listTemplates
        public let resource = "*"

        public init() {}
    }

    /// Every template, AWS's first.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<[TemplateCatalog.Entry]> {
        try await recorder.answer(authorized, for: call) { _ in catalog.entries }
    }
}
