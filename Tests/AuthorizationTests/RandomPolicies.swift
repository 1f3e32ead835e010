import JSON

/// Policies and requests from a small vocabulary, so that they often match.
struct RandomPolicies {
    /// The same sequence in every run (SplitMix64).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private var generator: Generator

    init(seed: UInt64) { generator = Generator(state: seed) }

    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int(generator.next() % UInt64(list.count))]
    }

    mutating func chance(_ percent: UInt64) -> Bool { generator.next() % 100 < percent }

    /// Between one and `most` elements.
    mutating func count(_ most: UInt64) -> Int { 1 + Int(generator.next() % most) }

    private static let accounts = ["111122223333", "444455556666"]
    private static let actions = [
        "acm-pca:IssueCertificate", "acm-pca:GetCertificate", "acm-pca:RevokeCertificate",
    ]
    private static let actionPatterns = [
        "*", "acm-pca:*", "acm-pca:IssueCertificate", "ACM-PCA:Get*", "acm-pca:Revoke?ertificate",
        "acm-pca:*Certificate",
    ]
    private static let authorities = ["one", "two"].map {
        "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/\($0)"
    }
    private static let resourcePatterns =
        authorities + [
            "*", "arn:aws:acm-pca:*:111122223333:certificate-authority/*", "arn:aws:acm-pca:*:*:*/t?o",
            "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/${aws:PrincipalTag/team}",
            "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/${aws:PrincipalTag/team, 'two'}",
        ]
    private static let templates = [
        "arn:aws:acm-pca:::template/EndEntityCertificate/V1",
        "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen0/V1",
    ]

    mutating func question() -> NaiveEvaluator.Question {
        let account = pick(Self.accounts)
        let principal = "arn:aws:iam::\(account):\(pick(["role/a", "role/b", "user/a"]))"
        var context: [String: [String]] = [
            "aws:PrincipalArn": [principal], "aws:PrincipalAccount": [account],
        ]
        if chance(70) { context["acm-pca:TemplateArn"] = [pick(Self.templates)] }
        if chance(60) { context["aws:PrincipalTag/team"] = [pick(["one", "two", "*", "t?o"])] }
        if chance(60) { context["aws:EpochTime"] = [pick(["10", "20", "x"])] }
        if chance(50) { context["aws:SecureTransport"] = [pick(["true", "false"])] }
        if chance(60) {
            context["aws:TagKeys"] = pick([[], ["a"], ["b"], ["a", "b"], ["a", "c"], ["one"]])
        }
        return NaiveEvaluator.Question(
            principal: principal, account: account, owner: "111122223333", action: pick(Self.actions),
            resource: pick(Self.authorities), context: context)
    }

    mutating func policy(isResource: Bool) -> JSONValue {
        let count = self.count(3)
        return [
            "Version": "2012-10-17", "Statement": .array((0..<count).map { _ in statement(isResource) }),
        ]
    }

    private mutating func statement(_ isResource: Bool) -> JSONValue {
        let effect = chance(75) ? "Allow" : "Deny"
        var members: JSONObject = ["Effect": .string(effect)]
        // `*` excludes everything, which is a fault.
        if chance(85) {
            members["Action"] = strings(Self.actionPatterns)
        } else {
            members["NotAction"] = strings(Self.actionPatterns.filter { $0 != "*" })
        }
        if chance(85) {
            members["Resource"] = strings(Self.resourcePatterns)
        } else {
            members["NotResource"] = strings(Self.resourcePatterns.filter { $0 != "*" })
        }
        if isResource {
            let anyPrincipal: [JSONValue] = ["*", ["AWS": "*"]]
            let some: [JSONValue] = [
                ["AWS": "111122223333"], ["AWS": "444455556666"],
                ["AWS": "arn:aws:iam::444455556666:root"], ["AWS": "arn:aws:iam::111122223333:role/a"],
                ["AWS": ["arn:aws:iam::444455556666:role/a", "arn:aws:iam::111122223333:user/a"]],
            ]
            if effect == "Deny", chance(30) {
                members["NotPrincipal"] = pick(some)
            } else {
                members["Principal"] = pick(anyPrincipal + some)
            }
        }
        if chance(60) { members["Condition"] = condition() }
        return .object(members)
    }

    private mutating func strings(_ words: [String]) -> JSONValue {
        chance(70) ? .string(pick(words)) : .array([.string(pick(words)), .string(pick(words))])
    }

    private mutating func condition() -> JSONValue {
        var block: JSONObject = [:]
        for _ in 0..<(chance(70) ? 1 : 2) {
            let ifExists = chance(25) ? "IfExists" : ""
            switch generator.next() % 6 {
            case 0:
                let name = pick(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"])
                let patterns =
                    name.hasSuffix("Like") ? ["arn:aws:acm-pca:::template/End*", "*CACert*", "*${*}*"] : []
                block[name + ifExists] = ["acm-pca:TemplateArn": strings(Self.templates + patterns)]
            case 1:
                let name = pick([
                    "StringEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
                ])
                block[name + ifExists] = [
                    "aws:PrincipalTag/Team": strings(["one", "TWO", "t*", "${aws:PrincipalTag/team}", "${?}"])
                ]
            case 2:
                let name = pick([
                    "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals",
                ])
                block[name + ifExists] = ["aws:EpochTime": strings(["10", "15", "20"])]
            case 3: block["Bool" + ifExists] = ["aws:SecureTransport": strings(["true", "false"])]
            case 4:
                let name =
                    pick(["ForAllValues:", "ForAnyValue:"])
                    + pick(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"])
                block[name + ifExists] = [
                    "aws:TagKeys": strings(["a", "b", "?", "${aws:PrincipalTag/team}"])
                ]
            default:
                let name = pick(["ArnLike", "ArnNotLike", "ArnEquals", "Null"])
                block[name] =
                    name == "Null"
                    ? [pick(["aws:EpochTime", "aws:TagKeys"]): .string(pick(["true", "false"]))]
                    : [
                        "aws:PrincipalArn": strings([
                            "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/a",
                            "arn:aws:*:role/a:x:y:z",
                        ])
                    ]
            }
        }
        return .object(block)
    }
}
