internal import Authorization
internal import PKIX

/// Determines the dimensions of requests. It keeps one value for each set of answers that the conditions can
/// give.
///
/// Each condition tests one key, so the values of different keys are independent. Policy variables, which
/// would connect keys, were refused before.
struct DimensionMaker {
    let base: HypotheticalRequest
    /// The tested terms by key in lower case.
    let terms: [String: [ConditionTerm]]
    let rules: [String: [ValueRule]]
    /// Whether the tags of the authority are known completely.
    let knowsTags: Bool

    private static let keyKeys = ["signet:keyalgorithm", "signet:keysize"]

    /// The keys that a certificate can have. Algorithm and length are one choice, because they depend on each
    /// other.
    private var certifiedKeys: [Dimension.Choice] {
        let named: [(String, Int)] = [
            ("RSA_2048", 2048), ("RSA_3072", 3072), ("RSA_4096", 4096), ("EC_prime256v1", 256),
            ("EC_secp384r1", 384), ("EC_secp521r1", 521), ("ED25519", 256),
        ]
        // RSA keys of other lengths. Issuance accepts them from 2048 bits on.
        let lengths = Set(
            operands("signet:keysize").flatMap { operand -> [Int] in
                guard case .number(let number) = operand, (2048...16_384).contains(number) else { return [] }
                return [Int(number) - 1, Int(number), Int(number) + 1]
            }
        ).subtracting([2048, 3072, 4096]).filter { $0 > 2048 }
        return named.map { .key(kind: $0.0, bits: $0.1) }
            + (lengths.sorted() + [2560]).map { .key(kind: "RSA", bits: $0) }
    }

    func make(_ scope: RequestSpace.Scope, _ map: PrincipalMap) throws(TextCells.Undecidable) -> [Dimension] {
        var dimensions: [Dimension] = []
        func add(_ name: String, _ keys: [String], _ choices: [Dimension.Choice]) {
            dimensions.append(distinct(Dimension(name: name, choices: choices), keys))
        }
        if let templates = scope.templates {
            let keys = ["acm-pca:templatearn", "signet:isca"]
            add("acm-pca:TemplateArn", keys, templates.map { .template($0) })
        }
        let asked = Set(terms.keys).union(rules.keys)
        if asked.contains("signet:approvalcount") {
            let counts = 0..<min(scope.approvalsBelow, Authorizer.mostApprovals + 1)
            add("signet:ApprovalCount", ["signet:approvalcount"], counts.map { .approvals($0) })
        }
        if !asked.isDisjoint(with: Peers.keys) {
            let operands = Dictionary(
                uniqueKeysWithValues: Peers.keys.filter(asked.contains).map { ($0, self.operands($0)) })
            let peers = try Peers(map: map, principal: base.requester.principal.arn, operands: operands).all()
            add(names(Peers.keys), Peers.keys, peers.map { .peer($0) })
        }
        let times = ["aws:currenttime", "aws:epochtime"]
        if !asked.isDisjoint(with: times) { add(names(times), times, try moments(times).map { .time($0) }) }
        if base.action == .issueCertificate, !asked.isDisjoint(with: Self.keyKeys) {
            add(names(Self.keyKeys), Self.keyKeys, certifiedKeys)
        }
        for key in asked.sorted() where isFree(key) {
            add(names([key]), [key], try values(key).map { .values($0) })
        }
        return dimensions
    }

    /// Whether only the request determines the key's value.
    private func isFree(_ key: String) -> Bool {
        let taken =
            [
                "acm-pca:templatearn", "signet:isca", "signet:approvalcount", "aws:currenttime",
                "aws:epochtime",
            ]
            + Self.keyKeys + Peers.keys
        // Only a certificate request has content, and tags occur only in the calls that set them.
        if key.hasPrefix("signet:"), base.action != .issueCertificate { return false }
        if key.hasPrefix("aws:requesttag/") || key == "aws:tagkeys" {
            let tagging: [Action] = [
                .createCertificateAuthority, .tagCertificateAuthority, .untagCertificateAuthority,
            ]
            guard tagging.contains(base.action) else { return false }
        }
        if key.hasPrefix("aws:resourcetag/"), knowsTags { return false }
        return !taken.contains(key) && base.context[key] == nil && !key.hasPrefix("aws:principal")
    }

    /// The keys as policies and rules write them.
    private func names(_ keys: [String]) -> String {
        keys.compactMap { terms[$0]?.first?.key ?? rules[$0]?.first?.key }.joined(separator: " and ")
    }

    private func operands(_ key: String) -> [ConditionTerm.Operand] {
        (terms[key] ?? []).flatMap(\.operands) + (rules[key] ?? []).flatMap(\.operands)
    }

    /// The times that operands name, one second before and after each, and the request's own time.
    private func moments(_ keys: [String]) throws(TextCells.Undecidable) -> [CivilTime] {
        var moments: Set<Int64> = [base.time.secondsSinceEpoch]
        for operand in keys.flatMap(operands) {
            switch operand {
            case .moment(let moment), .number(let moment):
                guard moment.magnitude < 1e15 else { continue }
                let down = Int64(moment.rounded(.down))
                let up = Int64(moment.rounded(.up))
                moments.formUnion([down - 1, down, up, up + 1])
            case .presence: break
            default: throw TextCells.Undecidable(reason: "the time is compared as text, and not as a date")
            }
        }
        return moments.sorted().compactMap { CivilTime(secondsSinceEpoch: $0) }
    }

    private func values(_ key: String) throws(TextCells.Undecidable) -> [[String]?] {
        guard let shape = ConditionKeyShape(key: key) else { return [nil] }
        let single = try KeyValues(shape: shape, operands: operands(key)).single()
        // A request for a certificate has all keys of the content, some with an empty list.
        let isContent = key.hasPrefix("signet:")
        guard shape.isMultiValued else { return (isContent ? [] : [nil]) + single.map { [$0] } }
        // At most one value for each condition and rule on the key can matter, and one more that matches
        // none.
        let most = (terms[key] ?? []).count + (rules[key] ?? []).count + 1
        let classes = distinct(Dimension(name: names([key]), choices: single.map { .values([$0]) }), [key])
        let values = classes.choices.compactMap { choice -> String? in
            if case .values(let values) = choice { values?.first } else { nil }
        }
        return (isContent ? [[]] : [nil, []]) + (try Self.subsets(values, most: most))
    }

    /// The non-empty sets of up to `most` values, smaller sets first.
    static func subsets(_ values: [String], most: Int) throws(TextCells.Undecidable) -> [[String]] {
        var all: [[String]] = []
        var last: [[Int]] = [[]]
        for _ in 0..<min(most, values.count) {
            last = last.flatMap { set in ((set.last ?? -1) + 1..<values.count).map { set + [$0] } }
            all += last.map { set in set.map { values[$0] } }
            guard all.count <= 20_000 else {
                throw TextCells.Undecidable(reason: "there are more than 20000 lists of values to tell apart")
            }
        }
        return all
    }

    /// One value for each set of answers.
    private func distinct(_ dimension: Dimension, _ keys: [String]) -> Dimension {
        let terms = keys.flatMap { self.terms[$0] ?? [] }
        let rules = keys.flatMap { self.rules[$0] ?? [] }
        var seen: Set<[Bool]> = []
        let choices = dimension.choices.filter { choice in
            var request = base
            dimension.apply(choice, to: &request)
            let context = request.context
            return seen.insert(
                terms.map { $0.holds(in: context) } + rules.map { $0.isBroken(by: context[$0.key]) }
            ).inserted
        }
        return Dimension(name: dimension.name, choices: choices)
    }
}
