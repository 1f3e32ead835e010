internal import Audit
internal import Authorities
internal import Authorization
internal import Storage
internal import WireAPI

enum PolicyOperations {
    static let all: [Endpoint] = [
        putPolicy, getPolicy, deletePolicy, createPermission, deletePermission, listPermissions,
    ]

    static let putPolicy = Endpoint(PutPolicyOperation.self, canWait: true) { input, call in
        let arn = try parseARN(input.resourceArn)
        let request = PutPolicy.Request(certificateAuthority: arn)
        let authorized = try await call.authorize(request)
        let facts = try await call.authorities.resources.facts(of: request)
        return try await call.authorities.putPolicy(authorized, input.policy, call: call.event) { policy in
            call.isLockedOut(of: arn, under: policy, facts)
        }.map { .init() }
    }

    static let getPolicy = Endpoint(GetPolicyOperation.self) { input, call in
        let authorized = try await call.authorize(
            GetPolicy.Request(certificateAuthority: try parseARN(input.resourceArn)))
        return try await call.authorities.getPolicy(authorized, for: call.event).map { .init(policy: $0) }
    }

    static let deletePolicy = Endpoint(DeletePolicyOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(
            DeletePolicy.Request(certificateAuthority: try parseARN(input.resourceArn)))
        return try await call.authorities.deletePolicy(authorized, call: call.event).map { .init() }
    }

    static let createPermission = Endpoint(CreatePermissionOperation.self, canWait: true) { input, call in
        let request = CreatePermission.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), principal: input.principal,
            sourceAccount: input.sourceAccount, actions: input.actions)
        let authorized = try await call.authorize(request)
        return try await call.authorities.createPermission(authorized, call: call.event).map { .init() }
    }

    static let deletePermission = Endpoint(DeletePermissionOperation.self, canWait: true) { input, call in
        let request = DeletePermission.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), principal: input.principal,
            sourceAccount: input.sourceAccount)
        let authorized = try await call.authorize(request)
        return try await call.authorities.deletePermission(authorized, call: call.event).map { .init() }
    }

    static let listPermissions = Endpoint(ListPermissionsOperation.self) { input, call in
        let arn = try parseARN(input.certificateAuthorityArn)
        let authorized = try await call.authorize(
            ListPermissions.Request(certificateAuthority: arn, page: PageRequest(input)))
        return try await call.authorities.listPermissions(authorized, for: call.event).map {
            permissions, token in
            .init(
                permissions: permissions.map {
                    PermissionShape(
                        certificateAuthorityArn: arn.description, createdAt: $0.createdAt,
                        principal: $0.principal, sourceAccount: $0.sourceAccount, actions: $0.actions,
                        policy: $0.policy(of: arn))
                }, nextToken: token)
        }
    }
}

extension OperationCall {
    /// Whether the caller would lose PutPolicy, GetPolicy or DeletePolicy under the new policy.
    fileprivate func isLockedOut(of authority: ARN, under policy: Policy, _ facts: ResourceFacts) -> Bool {
        var changed = facts
        changed.policy = policy
        func loses(_ request: some Authorizable) -> Bool {
            isAllowed(request, about: facts, withApprovals: true)
                && !isAllowed(request, about: changed, withApprovals: true)
        }
        return loses(PutPolicy.Request(certificateAuthority: authority))
            || loses(GetPolicy.Request(certificateAuthority: authority))
            || loses(DeletePolicy.Request(certificateAuthority: authority))
    }
}
