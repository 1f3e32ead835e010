internal import Authorization
internal import PKIX

/// Requests of one principal for one action on one resource. There is one for every combination of answers
/// that the conditions of the policies and the rules of an assertion can give.
struct RequestSpace {
    let base: HypotheticalRequest
    let dimensions: [Dimension]

    /// The limits of the examined requests, and further values to distinguish.
    struct Scope {
        /// Nil for the template of the base request.
        var templates: [Installation.Template]?
        var rules: [ValueRule] = []
        /// Only requests with fewer approvals are examined.
        var approvalsBelow = Authorizer.mostApprovals + 1
    }

    /// - Throws: the reason that the requests cannot be determined
    init(
        _ base: HypotheticalRequest, _ scope: Scope, in installation: Installation, _ authorizer: Authorizer
    ) throws(TextCells.Undecidable) {
        let terms = authorizer.terms(for: base)
        if let statement = terms.openResources.first {
            throw TextCells.Undecidable(
                reason:
                    "`\(statement)` has a policy variable in its resource that each request gives another value"
            )
        }
        for term in terms.conditions where term.operands.contains(.variable) {
            throw TextCells.Undecidable(
                reason:
                    "`\(term.statement)` compares `\(term.key)` with a policy variable that each request gives another value"
            )
        }
        let maker = DimensionMaker(
            base: base, terms: Dictionary(grouping: terms.conditions, by: \.lowercasedKey),
            rules: Dictionary(grouping: scope.rules) { $0.key.lowercased() },
            knowsTags: installation.isComplete)
        dimensions = try maker.make(scope, installation.rulebook.principals)
        self.base = base
    }

    /// The number of requests; nil when it overflows.
    var count: Int? {
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension.choices.count)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// Calls `body` with each request until it returns false. The last dimension changes fastest.
    func forEach(_ body: (HypotheticalRequest) -> Bool) {
        guard dimensions.allSatisfy({ !$0.choices.isEmpty }) else { return }
        _ = visit(0, base, body)
    }

    private func visit(_ depth: Int, _ request: HypotheticalRequest, _ body: (HypotheticalRequest) -> Bool)
        -> Bool
    {
        guard depth < dimensions.count else { return body(request) }
        for choice in dimensions[depth].choices {
            var next = request
            dimensions[depth].apply(choice, to: &next)
            if !visit(depth + 1, next, body) { return false }
        }
        return true
    }
}
