public import Authorization

/// The result of checking an assertion.
public enum AssertionOutcome: Sendable {
    /// No examined request violates the assertion.
    case held
    /// The policies allow a request that violates the assertion.
    case broken(CounterExample)
    /// Not every request that the assertion covers could be examined.
    case undecided(reason: String)
}

/// A request that the policies allow and the assertion forbids.
public struct CounterExample: Sendable {
    public let request: HypotheticalRequest
    /// The statement that allows it.
    public let statement: String
}

public struct AssertionResult: Sendable {
    public let assertion: Assertion
    public let outcome: AssertionOutcome
    /// The number of examined requests.
    public let tried: Int
}

/// Searches for a request that violates an assertion.
public struct AssertionCheck: Sendable {
    private let installation: Installation
    private let authorizer: Authorizer
    private let most: Int

    /// - Parameter most: the maximum number of requests for one assertion. An assertion that needs more is
    ///   undecided
    public init(_ installation: Installation, most: Int = 1_000_000) {
        self.installation = installation
        self.most = most
        let now = installation.now
        authorizer = Authorizer(installation.rulebook) { now }
    }

    public func result(of assertion: Assertion) -> AssertionResult {
        var tried = 0
        let outcome: AssertionOutcome
        do throws(TextCells.Undecidable) {
            let found = try counterExample(assertion, &tried)
            outcome =
                if let found { .broken(found) } else if tried > 0 { .held } else {
                    .undecided(
                        reason: "it speaks of no principal, authority or template there is: nothing was tried"
                    )
                }
        } catch { outcome = .undecided(reason: error.reason) }
        return AssertionResult(assertion: assertion, outcome: outcome, tried: tried)
    }

    private func counterExample(
        _ assertion: Assertion, _ tried: inout Int
    ) throws(TextCells.Undecidable) -> CounterExample? {
        // A counterexample is reported even if other requests could not be examined.
        var undecidable: TextCells.Undecidable?
        for principal in installation.principals where assertion.appliesTo(principal.arn) {
            for action in assertion.actions {
                do throws(TextCells.Undecidable) {
                    for resource in try resources(assertion, principal, action) {
                        let found = try counterExample(assertion, principal, action, resource, &tried)
                        if let found { return found }
                    }
                } catch {
                    undecidable =
                        undecidable
                        ?? TextCells.Undecidable(
                            reason: "\(principal.arn), \(action.rawValue): \(error.reason)")
                }
            }
        }
        if let undecidable { throw undecidable }
        return nil
    }

    private func resources(
        _ assertion: Assertion, _ principal: Principal, _ action: Action
    ) throws(TextCells.Undecidable) -> [String] {
        guard action.isAboutAuthority else { return assertion.authorities == nil ? ["*"] : [] }
        // An approval of a request with the resource `*` has the resource `*` too.
        let others = action.isAlsoAboutNone && assertion.authorities == nil ? ["*"] : []
        return try others
            + AuthorityChoices(installation: installation, authorizer: authorizer)
            .authorities(
                for: base(principal, action, installation.freshAuthority), matching: assertion.authorities)
    }

    private func base(_ principal: Principal, _ action: Action, _ resource: String) -> HypotheticalRequest {
        HypotheticalRequest(
            action, on: resource,
            by: Requester(
                principal, .process(Peers.first(installation.rulebook.principals, principal.arn))),
            about: installation.facts(of: resource, for: action), at: installation.now)
    }

    private func counterExample(
        _ assertion: Assertion, _ principal: Principal, _ action: Action, _ resource: String,
        _ tried: inout Int
    ) throws(TextCells.Undecidable) -> CounterExample? {
        var scope = RequestSpace.Scope()
        scope.rules = assertion.rules
        scope.approvalsBelow = assertion.approvalsBelow
        if action.namesTemplate {
            scope.templates = (installation.templates + [installation.unknownTemplate]).filter { template in
                assertion.templates.map { $0.contains { $0.matches(template.arn) } } ?? true
            }
        } else if assertion.templates != nil {
            return nil
        }
        let space = try RequestSpace(base(principal, action, resource), scope, in: installation, authorizer)
        guard let count = space.count, tried + count <= most else {
            let needed = space.count.map { "\(tried + $0)" } ?? "more than can be counted"
            throw TextCells.Undecidable(
                reason:
                    "it takes \(needed) requests, and at most \(most) are tried; not tried were those of \(resource) that differ in \(space.dimensions.map(\.name).joined(separator: ", "))"
            )
        }
        var found: CounterExample?
        space.forEach { request in
            tried += 1
            guard case .allowed(let statement) = authorizer.judge(request).decision,
                assertion.isBroken(by: request.context)
            else { return true }
            found = CounterExample(request: request, statement: statement)
            return false
        }
        return found
    }
}
