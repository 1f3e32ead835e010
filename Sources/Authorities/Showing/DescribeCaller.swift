public import Audit
public import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
public import RecordKeeping

/// Shows a caller what the policies say about its requests. Needs no permission and cannot be denied, like
/// `sts:GetCallerIdentity`: the answer has only facts about the caller, and the authorities that it may use.
public struct DescribeCaller: Sendable {
    let pages: AuthorityPages
    let catalog: TemplateCatalog
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock

    public struct Request: Sendable {
        /// The wanted number of authorities; a page has at most 20, because each costs some two hundred
        /// decisions.
        public let limit: Int
        public let nextToken: String?

        public init(limit: Int?, nextToken: String?) {
            self.limit = min(limit ?? 20, 20)
            self.nextToken = nextToken
        }
    }

    /// What the policies say about an action. Actions that are denied are left out.
    public struct AllowedAction: Sendable, Hashable {
        public let action: Action
        public let outlook: Outlook
        /// The ARNs of the templates that this is true of; nil for an action without templates.
        public let templates: [String]?
    }

    public struct Authority: Sendable {
        public let arn: ARN
        /// Nil for a caller that may not describe the authority.
        public let details: CertificateAuthorityDetails?
        public let actions: [AllowedAction]
    }

    public struct Output: Sendable {
        /// The actions that are about no authority. Empty after the first page.
        public let actions: [AllowedAction]
        /// The authorities that the caller may use, in order of creation.
        public let authorities: [Authority]
        public let nextToken: String?
    }

    public func callAsFunction(
        _ request: Request, by requester: Requester, under authorizer: Authorizer, for call: APICall
    ) async throws(CAError) -> Audited<Output> {
        let time = CivilTime(secondsSinceEpoch: Int64(clock.now().timeIntervalSince1970)) ?? .now()
        let outlooks = Outlooks(
            requester: requester, authorizer: authorizer, templates: catalog.entries, time: time)
        let (entries, nextToken) = try await pages.page(
            after: request.nextToken, limit: request.limit,
            isShown: { !outlooks.actions(on: $0.description, about: $1, in: Self.ofAuthorities).isEmpty })
        let authorities = entries.map { entry in
            let arn = entry.details.arn
            let actions = outlooks.actions(
                on: arn.description, about: entry.facts, in: Self.ofAuthorities)
            let isDescribed = actions.contains {
                $0.action == .describeCertificateAuthority && $0.outlook == .allowed
            }
            return Authority(
                arn: arn, details: isDescribed ? entry.details : nil, actions: actions)
        }
        let general =
            request.nextToken == nil
            ? outlooks.actions(
                on: "*", about: ResourceFacts(owner: naming.account), in: Self.ofTheDaemon) : []
        return try await recorder.answer(
            Output(actions: general, authorities: authorities, nextToken: nextToken), to: call,
            allowedBy: "every principal")
    }

    private static let ofAuthorities = Action.allCases.filter { $0.scope != .daemon }
    private static let ofTheDaemon = Action.allCases.filter { $0.scope != .authority }
}

/// The outlooks of one requester at one time.
private struct Outlooks: Sendable {
    let requester: Requester
    let authorizer: Authorizer
    let templates: [TemplateCatalog.Entry]
    let time: CivilTime

    func actions(
        on resource: String, about facts: ResourceFacts, in actions: [Action]
    ) -> [DescribeCaller.AllowedAction] {
        actions.flatMap { action in
            var facts = facts
            // Every principal lists the authorities of its own account.
            if action == .listCertificateAuthorities { facts.owner = nil }
            return self.actions(
                HypotheticalRequest(action, on: resource, by: requester, about: facts, at: time))
        }
    }

    private func actions(_ request: HypotheticalRequest) -> [DescribeCaller.AllowedAction] {
        guard request.action == .issueCertificate else {
            let outlook = authorizer.outlook(request)
            return outlook == .denied
                ? [] : [.init(action: request.action, outlook: outlook, templates: nil)]
        }
        var order: [Outlook] = []
        var arns: [Outlook: [String]] = [:]
        for entry in templates {
            var request = request
            request.says.set("acm-pca:TemplateArn", entry.arn)
            request.says.set("signet:IsCA", "\(entry.template.role != .endEntity)")
            let outlook = authorizer.outlook(request)
            if outlook == .denied { continue }
            if arns[outlook] == nil { order.append(outlook) }
            arns[outlook, default: []].append(entry.arn)
        }
        return order.map { .init(action: request.action, outlook: $0, templates: arns[$0]) }
    }
}
