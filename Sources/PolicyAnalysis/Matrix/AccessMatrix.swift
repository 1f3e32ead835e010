public import Authorization

/// The decisions about one action, by principal, authority and template.
public struct AccessMatrix: Sendable {
    /// The decision on all requests of one principal, on one authority, with one template.
    public enum Access: Sendable, Hashable {
        case allowed
        case denied
        /// Allowed with this number of approvals, regardless of the request's other facts.
        case approvals(Int)
        /// Depends on the request; the decisive condition keys are listed.
        case depends(on: [String])
        /// The decision could not be determined, for this reason.
        case undecided(String)
    }

    public struct Cell: Sendable, Hashable {
        public let access: Access
        /// The deciding statements; for an implicit denial, the missing allow.
        public let reasons: [String]
    }

    public struct Row: Sendable {
        public let principal: ARN
        public let authority: String
        /// One cell for each template.
        public let cells: [Cell]
    }

    public let action: Action
    /// The columns. For an action without templates, one template without a name.
    public let templates: [Installation.Template]
    public let rows: [Row]
}

/// Fills a matrix by trying requests.
public struct MatrixMaker: Sendable {
    private let installation: Installation
    private let authorizer: Authorizer
    private let most: Int

    /// - Parameter most: the maximum number of requests for one cell
    public init(_ installation: Installation, most: Int = 20_000) {
        self.installation = installation
        self.most = most
        let now = installation.now
        authorizer = Authorizer(installation.rulebook) { now }
    }

    /// - Parameters:
    ///   - authorities: their ARNs; ignored for an action whose resource is `*`
    ///   - principal: limits the rows to this principal; nil for all
    public func matrix(
        _ action: Action, authorities: [String], of principal: ARN? = nil
    ) -> AccessMatrix {
        let templates =
            action.namesTemplate
            ? installation.templates : [Installation.Template(name: "", arn: "", isAuthority: nil)]
        let resources = action.isAboutAuthority ? authorities : ["*"]
        return AccessMatrix(
            action: action, templates: templates,
            rows: installation.principals.filter { principal == nil || $0.arn == principal }.flatMap {
                principal in
                resources.map { resource in
                    AccessMatrix.Row(
                        principal: principal.arn, authority: resource,
                        cells: cells(principal, action, resource, templates))
                }
            })
    }

    /// One cell for each template. Templates that no condition distinguishes share their decision.
    private func cells(
        _ principal: Principal, _ action: Action, _ resource: String, _ templates: [Installation.Template]
    ) -> [AccessMatrix.Cell] {
        let base = base(principal, action, resource)
        let conditions = authorizer.terms(for: base).conditions.filter {
            ["acm-pca:templatearn", "signet:isca"].contains($0.lowercasedKey)
        }
        var known: [[Bool]: AccessMatrix.Cell] = [:]
        return templates.map { template in
            var request = base
            Dimension(name: "", choices: []).apply(.template(template), to: &request)
            let context = request.context
            let answers = conditions.map { $0.holds(in: context) }
            if let cell = known[answers] { return cell }
            let cell = cell(principal, action, resource, template)
            known[answers] = cell
            return cell
        }
    }

    private func base(_ principal: Principal, _ action: Action, _ resource: String) -> HypotheticalRequest {
        HypotheticalRequest(
            action, on: resource,
            by: Requester(
                principal, .process(Peers.first(installation.rulebook.principals, principal.arn))),
            about: installation.facts(of: resource, for: action), at: installation.now)
    }

    private func cell(
        _ principal: Principal, _ action: Action, _ resource: String, _ template: Installation.Template
    ) -> AccessMatrix.Cell {
        let base = base(principal, action, resource)
        do throws(TextCells.Undecidable) {
            var scope = RequestSpace.Scope()
            if action.namesTemplate { scope.templates = [template] }
            let space = try RequestSpace(base, scope, in: installation, authorizer)
            guard let count = space.count, count <= most else {
                throw TextCells.Undecidable(reason: "it takes more than \(most) requests to tell")
            }
            return cell(space)
        } catch { return AccessMatrix.Cell(access: .undecided(error.reason), reasons: []) }
    }

    private func cell(_ space: RequestSpace) -> AccessMatrix.Cell {
        var decisions: [Decision] = []
        space.forEach { request in
            decisions.append(authorizer.judge(request).decision)
            return true
        }
        guard !decisions.isEmpty else {
            return AccessMatrix.Cell(access: .undecided("there is no request to try"), reasons: [])
        }
        let allowed = decisions.map { if case .allowed = $0 { true } else { false } }
        let access: AccessMatrix.Access
        if !allowed.contains(false) {
            access = .allowed
        } else if !allowed.contains(true) {
            access = .denied
        } else {
            access = Self.dependence(allowed, space.dimensions)
        }
        let relevant =
            access == .allowed || access == .denied ? decisions : decisions.filter { !$0.isImplicit }
        var seen: Set<String> = []
        return AccessMatrix.Cell(
            access: access, reasons: relevant.map(\.reason).filter { seen.insert($0).inserted })
    }

    /// The condition keys that a varying decision depends on.
    private static func dependence(_ allowed: [Bool], _ dimensions: [Dimension]) -> AccessMatrix.Access {
        // The last dimension changes fastest.
        var stride = allowed.count
        var deciding: [(dimension: Dimension, stride: Int)] = []
        for dimension in dimensions {
            let count = dimension.choices.count
            stride /= count
            let matters = allowed.indices.contains { index in
                index / stride % count != 0 && allowed[index] != allowed[index - stride]
            }
            if matters { deciding.append((dimension, stride)) }
        }
        if deciding.count == 1, let (dimension, stride) = deciding.first,
            let count = fewestApprovals(dimension, stride, allowed)
        {
            return .approvals(count)
        }
        return .depends(on: deciding.map(\.dimension.name))
    }

    /// The least number of approvals from which on everything is allowed. Nil when there is none, or when the
    /// dimension is not the number of approvals.
    private static func fewestApprovals(_ dimension: Dimension, _ stride: Int, _ allowed: [Bool]) -> Int? {
        let counts = dimension.choices.map { if case .approvals(let count) = $0 { count } else { -1 } }
        guard !counts.contains(-1) else { return nil }
        let outcomes = counts.indices.map { allowed[$0 * stride] }
        guard let first = outcomes.firstIndex(of: true), !outcomes[first...].contains(false) else {
            return nil
        }
        return counts[first]
    }
}

extension Decision {
    fileprivate var isImplicit: Bool { if case .implicitlyDenied = self { true } else { false } }

    fileprivate var reason: String {
        switch self {
        case .allowed(let statement): "allowed by \(statement)"
        case .explicitlyDenied(let kind, let statement): "denied by \(statement) (\(kind.rawValue))"
        case .implicitlyDenied(let kind): "no \(kind.rawValue) allows it"
        }
    }
}
