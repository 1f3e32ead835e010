import JSON
import Testing

@testable import Authorization

/// A condition that holds for no request, or for every request, is a fault when the policy is read.
struct DeadConditionTests {
    typealias Case = DeadStatementTests.Case

    static let seconds =
        "is read as seconds since 1970; write a date such as 2099-01-01T00:00:00Z, or all digits of the seconds"
    static let noKey = "holds no condition key; name one, or leave the operator out"
    static let noTag =
        "keys of tags have none of `*`, `?`, `$`, `{` and `}`"
    static let noBase64 = "is not base64, in fours of digits with `=` at the end; encode the value"
    static let algorithms =
        "RSA_2048, RSA_3072, RSA_4096, RSA, EC_prime256v1, EC_secp384r1, EC_secp521r1, ED25519"
    static let templates = "ARNs such as arn:aws:acm-pca:::template/EndEntityCertificate/V1"

    static let ofConditions: [Case] = [
        .condition("an operator without a key", #"{"StringEquals":{}}"#, "StringEquals", noKey),
        .condition(
            "a quantified operator without a key beside one with",
            #"{"Null":{"aws:TagKeys":"true"},"ForAnyValue:ArnLikeIfExists":{}}"#,
            "ForAnyValue:ArnLikeIfExists", noKey),
        .condition(
            "a key without values", #"{"StringEquals":{"aws:PrincipalArn":[]}}"#,
            "StringEquals.aws:PrincipalArn", "must hold at least one of strings, numbers or booleans"),
        .condition(
            "one key twice", #"{"StringEquals":{"aws:PrincipalArn":"a","AWS:PrincipalARN":"b"}}"#,
            "StringEquals",
            "`AWS:PrincipalARN` and `aws:PrincipalArn` are one condition key, which is in any case of letters; write it once, with a list of values"
        ),
        .condition(
            "one tag twice", #"{"Null":{"aws:ResourceTag/Team":"true","aws:ResourceTag/team":"true"}}"#,
            "Null",
            "`aws:ResourceTag/Team` and `aws:ResourceTag/team` are one condition key, which is in any case of letters; write it once, with a list of values"
        ),
        .condition(
            "a variable in a variable",
            #"{"StringEquals":{"aws:PrincipalArn":"${aws:PrincipalTag/${aws:x}}"}}"#,
            "StringEquals.aws:PrincipalArn",
            "`${aws:principaltag/${aws:x}}` has a policy variable inside a policy variable; write one key in each `${…}`"
        ),
        .condition(
            "a variable in a default",
            #"{"StringLike":{"signet:Subject":"CN=${aws:PrincipalTag/a, '${aws:x'}"}}"#,
            "StringLike.signet:Subject",
            "`CN=${aws:principaltag/a, '${aws:x'}` has a policy variable inside a policy variable; write one key in each `${…}`"
        ),
        .condition(
            "a wildcard in the key of a variable",
            #"{"StringEquals":{"signet:Subject":"${aws:PrincipalTag/te*m}"}}"#, "StringEquals.signet:Subject",
            "`${aws:principaltag/te*m}` never has a value: \(noTag); name one tag"),
        .condition(
            "a wildcard in a condition key", #"{"StringEquals":{"aws:ResourceTag/te?m":"a"}}"#,
            "StringEquals",
            "no tag has the key of `aws:ResourceTag/te?m`: \(noTag), and a condition names one"),
        .condition(
            "a variable in a condition key",
            #"{"StringEquals":{"aws:RequestTag/${aws:PrincipalAccount}":"a"}}"#, "StringEquals",
            "no tag has the key of `aws:RequestTag/${aws:PrincipalAccount}`: \(noTag), and a condition names one"
        ),
        .condition(
            "a DNS name that ends in a dot",
            #"{"ForAnyValue:StringLike":{"signet:DNSNames":"*.example.com."}}"#,
            "ForAnyValue:StringLike.signet:DNSNames",
            "`*.example.com.` ends in a dot, as no DNS name of a certificate does; leave the dot out"),
        .condition(
            "a year", #"{"DateLessThan":{"aws:CurrentTime":"2099"}}"#, "DateLessThan.aws:CurrentTime",
            "`2099` \(seconds)"),
        .condition(
            "a year that is not a string", #"{"DateGreaterThan":{"aws:EpochTime":2030}}"#,
            "DateGreaterThan.aws:EpochTime", "`2030` \(seconds)"),
        .condition(
            "a day without dashes", #"{"DateLessThan":{"aws:CurrentTime":["2099-01-01","20991231"]}}"#,
            "DateLessThan.aws:CurrentTime", "`20991231` \(seconds)"),
        .condition(
            "text that is not base64", #"{"BinaryEquals":{"aws:PrincipalTag/data":"not base64"}}"#,
            "BinaryEquals.aws:PrincipalTag/data", "`not base64` \(noBase64)"),
        .condition(
            "base64 without its padding",
            #"{"BinaryEqualsIfExists":{"aws:PrincipalTag/data":["QUI=","QUI"]}}"#,
            "BinaryEqualsIfExists.aws:PrincipalTag/data", "`QUI` \(noBase64)"),
        .condition(
            "Null with both", #"{"Null":{"aws:TagKeys":["true","false"]}}"#, "Null.aws:TagKeys",
            "`true` and `false` together always hold; write the one that is meant"),
        .condition(
            "Null with both as booleans", #"{"Null":{"signet:DNSNames":[true,false,true]}}"#,
            "Null.signet:DNSNames", "`true` and `false` together always hold; write the one that is meant"),
        .condition(
            "an unknown algorithm", #"{"StringEquals":{"signet:KeyAlgorithm":"RSA_1024"}}"#,
            "StringEquals.signet:KeyAlgorithm",
            "`RSA_1024` is no value of `signet:KeyAlgorithm`; its values are \(algorithms)"),
        .condition(
            "an algorithm in another case, among others",
            #"{"StringNotEquals":{"signet:KeyAlgorithm":["ED25519","EC_Prime256v1"]}}"#,
            "StringNotEquals.signet:KeyAlgorithm",
            "`EC_Prime256v1` is no value of `signet:KeyAlgorithm`; its values are \(algorithms)"),
        .condition(
            "a pattern of no algorithm", #"{"StringLike":{"signet:KeyAlgorithm":"DSA_*"}}"#,
            "StringLike.signet:KeyAlgorithm",
            "`DSA_*` is no value of `signet:KeyAlgorithm`; its values are \(algorithms)"),
        .condition(
            "an unsupported type of principal",
            #"{"StringEqualsIgnoreCase":{"aws:PrincipalType":"Role"}}"#,
            "StringEqualsIgnoreCase.aws:PrincipalType",
            "`Role` is no value of `aws:PrincipalType`; its values are User, AssumedRole"),
        .condition(
            "an account of eleven digits", #"{"StringNotEquals":{"aws:PrincipalAccount":"11112222333"}}"#,
            "StringNotEquals.aws:PrincipalAccount",
            "`11112222333` is no value of `aws:PrincipalAccount`; its values are accounts, with 12 digits"),
        .condition(
            "the ARN of an account",
            #"{"StringLike":{"aws:ResourceAccount":"arn:aws:iam::111122223333:root"}}"#,
            "StringLike.aws:ResourceAccount",
            "`arn:aws:iam::111122223333:root` is no value of `aws:ResourceAccount`; its values are accounts, with 12 digits"
        ),
        .condition(
            "the name of a template", #"{"StringEquals":{"acm-pca:TemplateArn":"EndEntityCertificate/V1"}}"#,
            "StringEquals.acm-pca:TemplateArn",
            "`EndEntityCertificate/V1` is no value of `acm-pca:TemplateArn`; its values are \(templates)"),
        .condition(
            "a template of another partition",
            #"{"ArnEquals":{"acm-pca:TemplateArn":"arn:aws-us-gov:acm-pca:::template/EndEntityCertificate/V1"}}"#,
            "ArnEquals.acm-pca:TemplateArn",
            "`arn:aws-us-gov:acm-pca:::template/EndEntityCertificate/V1` is no value of `acm-pca:TemplateArn`; its values are \(templates)"
        ),
        .condition(
            "a wildcard without Like",
            #"{"StringNotEquals":{"acm-pca:TemplateArn":"arn:aws:acm-pca:::template/EndEntity*"}}"#,
            "StringNotEquals.acm-pca:TemplateArn",
            "`arn:aws:acm-pca:::template/EndEntity*` is no value of `acm-pca:TemplateArn`; its values are \(templates)"
        ),
    ]

    @Test(arguments: ofConditions)
    func `a condition that cannot distinguish requests is a fault with its reason`(_ entry: Case) {
        let fault = #expect(throws: PolicyFault.self) {
            _ = try DeadStatementTests.read(entry.form, entry.statements)
        }
        #expect(fault?.description == entry.fault)
    }

    /// Conditions that AWS accepts and that can hold.
    static let living: [Case] = [
        .condition(
            "one key under two operators",
            #"{"StringLike":{"aws:PrincipalArn":"*:role/a*"},"StringNotLike":{"aws:principalarn":"*:role/ab*"}}"#
        ),
        .condition(
            "the characters themselves", #"{"StringEquals":{"signet:Subject":"CN=${*}${?}${$}{}"}}"#),
        .condition(
            "a tag with signs",
            #"{"StringEquals":{"aws:ResourceTag/a b+-=._:/@":"${aws:PrincipalTag/a b+-=._:/@}"}}"#),
        .condition(
            "seconds", #"{"DateLessThan":{"aws:EpochTime":["1767225600",99991231,"0099123456"]}}"#),
        .condition(
            "base64", #"{"BinaryEquals":{"aws:PrincipalTag/data":["QmluYXJ5","QQ==","+/8=",""]}}"#),
        .condition("Null with one twice", #"{"Null":{"aws:TagKeys":["true",true]}}"#),
        .condition(
            "algorithms",
            #"{"StringLike":{"signet:KeyAlgorithm":["EC_*","RSA","${aws:PrincipalTag/a}"]},"StringEqualsIgnoreCase":{"signet:KeyAlgorithm":"rsa_2048"}}"#
        ),
        .condition(
            "accounts",
            #"{"StringLike":{"aws:PrincipalAccount":["1111*","111122223333"]},"StringEquals":{"aws:ResourceAccount":["${aws:PrincipalAccount}",111122223333]}}"#
        ),
        .condition(
            "templates",
            #"{"ArnLike":{"acm-pca:TemplateArn":["arn:aws:acm-pca:*:*:template/End*","arn:aws:acm-pca:us-local-1:000000000000:template/mine/V1"]},"StringLike":{"acm-pca:TemplateArn":"*CACertificate*"}}"#
        ),
    ]

    @Test(arguments: living)
    func `a condition that can hold is accepted`(_ entry: Case) throws {
        _ = try DeadStatementTests.read(entry.form, entry.statements)
    }

    struct Spelling: Sendable, CustomTestStringConvertible {
        let key: String
        let pattern: String
        /// The value as in a request.
        let value: String
        var matches = true
        var testDescription: String { "\(key) \(pattern) \(value)" }
    }

    @Test(arguments: [
        Spelling(key: "signet:DNSNames", pattern: "*.Evil.EXAMPLE", value: "www.evil.example"),
        Spelling(key: "signet:DNSNames", pattern: "${aws:PrincipalTag/Host}.Example", value: "web.example"),
        Spelling(key: "aws:TagKeys", pattern: "${aws:PrincipalTag/Host}", value: "web"),
        Spelling(key: "signet:IPAddresses", pattern: "2001:DB8::1", value: "2001:db8::1"),
        Spelling(key: "signet:EmailAddresses", pattern: "Anna@Example.COM", value: "Anna@example.com"),
        Spelling(key: "signet:EmailAddresses", pattern: "Anna@*", value: "anna@example.com", matches: false),
        Spelling(key: "signet:EmailAddresses", pattern: "*.Example.COM", value: "Anna@a.example.com"),
        Spelling(
            key: "signet:URIs", pattern: "HTTPS://*.Example.com/Path", value: "https://a.example.com/Path"),
        Spelling(
            key: "signet:URIs", pattern: "https://a.example/Path", value: "https://a.example/path",
            matches: false),
        Spelling(key: "signet:URIs", pattern: "URN:Example:A", value: "urn:Example:A"),
        Spelling(key: "signet:SubjectCommonName", pattern: "WWW.Example.com", value: "www.example.com"),
        Spelling(key: "signet:SubjectCommonName", pattern: "Anna A. Doe", value: "Anna A. Doe"),
        Spelling(key: "signet:SubjectOrganization", pattern: "A.B", value: "a.b", matches: false),
    ])
    func `values are compared in the letter case of requests`(_ entry: Spelling) throws {
        let condition = try Condition(
            ConditionOperator(.stringLike, quantifier: .forAnyValue), key: entry.key, values: [entry.pattern],
            hasVariables: true)
        var context = ConditionContext()
        context.set("aws:PrincipalTag/Host", "WEB")
        context[entry.key] = [entry.value]
        #expect(condition.holds(in: context) == entry.matches)
    }
}

extension DeadStatementTests.Case {
    /// A policy with one operator in a Deny of an identity policy.
    static func condition(_ name: String, _ block: String, _ place: String = "", _ reason: String = "")
        -> Self
    {
        Self(
            name, #"{"Effect":"Deny","Action":"*","Resource":"*","Condition":\#(block)}"#,
            fault: "Statement[0].Condition.\(place): \(reason)")
    }
}
