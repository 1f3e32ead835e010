internal import Audit
internal import AuditLog
internal import Authorization
internal import Foundation
internal import JSON
internal import PKIX
internal import RecordKeeping
internal import WireAPI

/// The reason that a reload failed. The policies in force are unchanged.
public struct ReloadFailure: Error, Sendable {
    /// All faults, one on each line.
    public let reason: String

    public init(reason: String) { self.reason = reason }
}

struct DescribePolicy: Authorizable {
    static let action = Action.describePolicy
    let resource = "*"
}

struct ReloadPolicy: Authorizable {
    static let action = Action.reloadPolicy
    let resource = "*"
}

enum RulebookOperations {
    static let all: [Endpoint] = [
        describePolicy, reloadPolicy,
    ]

    static let describePolicy = Endpoint(DescribePolicyOperation.self) { _, call in
        let authorized = try await call.authorize(DescribePolicy())
        return try await call.useCases.recorder.answer(
            .init(policy: RulebookShape(call.context.policy)), to: call.event,
            allowedBy: authorized.statement)
    }

    static let reloadPolicy = Endpoint(ReloadPolicyOperation.self, canWait: true) { _, call in
        let statement = try await call.authorize(ReloadPolicy()).statement
        let before = call.context.policy.rulebook.digest
        return try await call.context.reload { rulebook, previous in
            try await call.useCases.recorder.commit(
                answering: Answer(
                    (), to: call.event, allowedBy: statement,
                    response: ["digest": .string(rulebook.digest), "previousDigest": .string(previous)]))
        }.map { .init(policy: RulebookShape(call.context.policy), previousDigest: before) }
    }
}

extension RulebookShape {
    fileprivate init(_ policy: PolicyInForce) {
        let (rulebook, since) = policy.current
        self.init(
            digest: rulebook.digest,
            since: Date(timeIntervalSince1970: TimeInterval(since.secondsSinceEpoch)),
            principals: Set(rulebook.principals.entries.map(\.principal.arn)).count)
    }
}
