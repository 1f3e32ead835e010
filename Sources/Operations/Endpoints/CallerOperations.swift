internal import Audit
internal import Authorities
internal import Authorization
internal import WireAPI

enum CallerOperations {
    static let all: [Endpoint] = [
        describeCaller
    ]

    static let describeCaller = Endpoint(DescribeCallerOperation.self) { input, call in
        let request = DescribeCaller.Request(limit: input.maxResults, nextToken: input.nextToken)
        let authorizer = call.requestContext.authorizer
        let caller = CallerShape(call.requester, policyDigest: authorizer.rulebook.digest)
        return try await call.authorities.describeCaller(
            request, by: call.requester, under: authorizer, for: call.event
        ).map { output in
            .init(
                caller: caller, actions: output.actions.map(AllowedActionShape.init),
                certificateAuthorities: output.authorities.map(DescribeCallerOperation.Authority.init),
                nextToken: output.nextToken)
        }
    }
}

extension CallerShape {
    fileprivate init(_ requester: Requester, policyDigest: String) {
        let arn = requester.principal.arn
        switch requester.caller {
        case .process(let peer):
            self.init(
                principalArn: arn.description, account: arn.account,
                process: Process(
                    pid: peer.pid, uid: peer.uid, gid: peer.gid, groups: peer.groups,
                    controlGroup: peer.cgroup, unit: peer.unit, executable: peer.executable),
                policyDigest: policyDigest)
        }
    }
}

extension AllowedActionShape {
    fileprivate init(_ allowed: DescribeCaller.AllowedAction) {
        var keys: [String]?
        if case .conditional(let deciding) = allowed.outlook { keys = deciding }
        self.init(
            action: allowed.action.rawValue, access: keys == nil ? "ALLOWED" : "CONDITIONAL",
            conditionKeys: keys, templateArns: allowed.templates)
    }
}

extension DescribeCallerOperation.Authority {
    fileprivate init(_ authority: DescribeCaller.Authority) {
        self.init(
            certificateAuthorityArn: authority.arn.description,
            subject: authority.details.map {
                CertificateAuthority($0).certificateAuthorityConfiguration.subject
            },
            status: authority.details?.status, actions: authority.actions.map(AllowedActionShape.init))
    }
}
