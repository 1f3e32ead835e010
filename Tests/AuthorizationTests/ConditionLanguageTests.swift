import JSON
import Testing

@testable import Authorization

/// Each key has a language of values, and actions whose requests have it. A condition that no request or
/// every request satisfies is a fault when the policy is read.
struct ConditionLanguageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let actions: String
        let block: String
        /// Part of the fault; nil for an accepted condition.
        let fault: String?

        init(_ block: String, _ fault: String?, for actions: String = "acm-pca:IssueCertificate") {
            (self.block, self.fault, self.actions) = (block, fault, actions)
        }

        var testDescription: String { "\(actions): \(block)" }
    }

    static func anyValue(_ key: String, _ value: String, like: Bool = false) -> String {
        #"{"ForAnyValue:String\#(like ? "Like" : "Equals")":{"signet:\#(key)":"\#(value)"}}"#
    }

    static let ofValues: [Case] = [
        Case(anyValue("OtherNames", "1.3.6.1.4.1.311.20.2.3;utf8:a@ad.example"), "is no value of"),
        Case(anyValue("OtherNames", "1.3.6.1.4.1.311.20.2.3;utf8:*", like: true), "is no value of"),
        Case(anyValue("OtherNames", "1.3.6.1.4.1.311.20.2.3"), "a type, a semicolon"),
        Case(anyValue("OtherNames", "1.3.6.1.4.1.311.20.2.3;DER:0G"), "is no value of"),
        Case(anyValue("DNSNames", "münchen.example"), "with A-labels (xn--…)"),
        Case(anyValue("DNSNames", "*.münchen.example", like: true), "is no value of"),
        Case(anyValue("DNSNames", " evil.example"), "is no value of"),
        Case(anyValue("DNSNames", ""), "`` is no value of `signet:DNSNames`"),
        Case(anyValue("DNSNames", "a..b"), "is no value of"),
        Case(anyValue("DNSNames", ".evil.example"), "is no value of"),
        Case(anyValue("DNSNames", "https://evil.example"), "is no value of"),
        Case(anyValue("DNSNames", "*/evil*", like: true), "is no value of"),
        Case(anyValue("EmailAddresses", "evil.example"), "is no value of"),
        Case(anyValue("URIs", "www.example.com"), "is no value of"),
        Case(anyValue("URIs", "//www.example.com/a"), "is no value of"),
        Case(anyValue("RegisteredIDs", "abc"), "object identifiers"),
        Case(anyValue("SubjectCountry", "Sweden"), "two letters such as SE"),
        Case(anyValue("SubjectCommonName", String(repeating: "a", count: 65)), "of at most 64 characters"),
        Case(anyValue("SubjectCommonName", String(repeating: "?", count: 65), like: true), "of at most 64"),
        Case(anyValue("IPAddresses", "localhost"), "IP addresses"),
        Case(#"{"StringEquals":{"signet:IsCA":"TRUE"}}"#, "its values are true, false"),
        Case(#"{"StringEquals":{"signet:IsCA":"yes"}}"#, "its values are true, false"),
        Case(#"{"StringEquals":{"signet:ValidityDays":"030"}}"#, "whole numbers from 0"),
        Case(#"{"StringEquals":{"signet:PeerExecutable":"issuer"}}"#, "absolute paths"),
        Case(#"{"StringLike":{"signet:PeerUnit":"*.slice"}}"#, "units such as"),
        Case(#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#, "ids such as"),
        Case(
            #"{"StringEquals":{"aws:PrincipalArn":"x"}}"#,
            "ARNs such as arn:aws:iam::000000000000:role/issuer"),
        Case(#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:s3:::x"}}"#, "is no value of `aws:PrincipalArn`"),
        Case(#"{"ArnLike":{"aws:PrincipalArn":"arn:aws-cn:iam::*:role/*"}}"#, "is no value of"),
        Case(#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:root"}}"#, "is no value of"),
        Case(#"{"ArnLike":{"acm-pca:TemplateArn":"arn:aws:acm-pca:::tmplate/*"}}"#, "is no value of"),
        Case(
            #"{"ArnEquals":{"acm-pca:TemplateArn":"arn:aws:acm-pca:::template/EndEntity"}}"#, "is no value of"
        ),
        Case(
            #"{"StringLike":{"acm-pca:TemplateArn":"arn:aws:acm-pca:us-local-1::template/*"}}"#,
            "is no value of"),
        Case(#"{"NumericLessThan":{"signet:ValidityDays":"-5"}}"#, "holds for no value"),
        Case(#"{"NumericGreaterThan":{"signet:ValidityDays":["90","-5"]}}"#, "holds for every value"),
        Case(#"{"NumericLessThan":{"signet:ApprovalCount":"0"}}"#, "holds for no value"),
        Case(#"{"NumericGreaterThanEquals":{"signet:ApprovalCount":"0"}}"#, "holds for every value"),
        Case(#"{"NumericGreaterThanEquals":{"signet:ApprovalCount":"10"}}"#, "holds for no value"),
        Case(#"{"NumericEquals":{"signet:KeySize":"2048.5"}}"#, "is no value of `signet:KeySize`"),
        Case(#"{"NumericEquals":{"signet:PeerUid":"-1"}}"#, "whole numbers from 0 to 4294967294"),
        Case(#"{"NumericNotEquals":{"signet:PeerUid":["5","-1"]}}"#, "`-1` is no value of"),
    ]

    static let ofConditions: [Case] = [
        Case(#"{"Bool":{"signet:IsCA":["true","false"]}}"#, "holds for every value of `signet:IsCA`"),
        Case(
            #"{"StringNotEquals":{"aws:PrincipalType":["User","AssumedRole"]}}"#,
            "holds for no value of `aws:PrincipalType`"),
        Case(#"{"StringLike":{"aws:PrincipalType":["U*","*Role"]}}"#, "holds for every value"),
        Case(#"{"StringNotLike":{"aws:PrincipalArn":"arn:*"}}"#, "never holds, whatever the request says"),
        Case(
            #"{"ArnLike":{"aws:PrincipalArn":"arn:*:iam::*:*"}}"#, "always holds, whatever the request says"),
        Case(#"{"ForAllValues:StringLike":{"signet:DNSNames":"*"}}"#, "always holds"),
        Case(#"{"ForAnyValue:NotIpAddress":{"signet:IPAddresses":["0.0.0.0/0","::/0"]}}"#, "never holds"),
        Case(#"{"Null":{"aws:PrincipalArn":"true"}}"#, "`Null` `true` never holds"),
        Case(#"{"Null":{"aws:CurrentTime":"true"}}"#, "`Null` `true` never holds"),
        Case(#"{"Null":{"aws:PrincipalAccount":"true"}}"#, "`Null` `true` never holds"),
        Case(#"{"Null":{"acm-pca:TemplateArn":"true"}}"#, "`Null` `true` never holds"),
        Case(#"{"Null":{"signet:ApprovalCount":"false"}}"#, "`Null` `false` always holds"),
        Case(#"{"Null":{"acm-pca:TemplateArn":"true"}}"#, nil, for: "*"),
        Case(#"{"StringLike":{"aws:PrincipalTag/team":"*"}}"#, nil),
        Case(#"{"ForAnyValue:StringLike":{"signet:DNSNames":"*"}}"#, nil),
        Case(#"{"Null":{"signet:DNSNames":"true"}}"#, nil),
    ]

    static let ofActions: [Case] = [
        Case(
            anyValue("DNSNames", "a.example"),
            "no request of the statement's actions has `signet:DNSNames`, which goes with acm-pca:IssueCertificate",
            for: "acm-pca:ListTags"),
        Case(#"{"NumericLessThan":{"signet:ValidityDays":"5"}}"#, "goes with", for: "acm-pca:ListTags"),
        Case(
            #"{"NumericLessThanIfExists":{"signet:ValidityDays":"5"}}"#, "goes with",
            for: "acm-pca:CreateCertificateAuthority"),
        Case(#"{"Null":{"acm-pca:TemplateArn":"true"}}"#, "goes with", for: "acm-pca:PutPolicy"),
        Case(#"{"StringEquals":{"aws:RequestTag/x":"a"}}"#, "goes with acm-pca:CreateCertificateAuthority"),
        Case(#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"x"}}"#, "goes with"),
        Case(#"{"StringEquals":{"aws:ResourceTag/x":"a"}}"#, "goes with", for: "signet:ListTokens"),
        Case(#"{"StringEquals":{"aws:ResourceTag/x":"a"}}"#, nil, for: "signet:*"),
        Case(#"{"NumericLessThan":{"signet:ValidityDays":"5"}}"#, nil, for: "*"),
        Case(#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"x"}}"#, nil, for: "acm-pca:*Tag*"),
    ]

    static let together = "all conditions of a statement must hold"
    static let ofBlocks: [Case] = [
        Case(
            #"{"StringEquals":{"signet:KeyAlgorithm":"RSA_2048"},"Null":{"signet:KeyAlgorithm":"true"}}"#,
            "no request satisfies `Null` and `StringEquals` for `signet:KeyAlgorithm` together; \(together)"),
        Case(
            #"{"StringEquals":{"aws:PrincipalTag/a":"x"},"StringNotEquals":{"aws:PrincipalTag/a":"x"}}"#,
            together),
        Case(
            #"{"NumericLessThan":{"signet:ValidityDays":"5"},"NumericGreaterThan":{"signet:ValidityDays":"10"}}"#,
            together),
        Case(
            #"{"StringLike":{"aws:PrincipalTag/a":"x*"},"StringLikeIfExists":{"aws:PrincipalTag/A":"y*"}}"#,
            together),
        Case(
            #"{"DateLessThan":{"aws:CurrentTime":"2026-01-01"},"DateGreaterThan":{"aws:CurrentTime":"2027-01-01"}}"#,
            together),
        Case(
            #"{"ForAnyValue:StringLike":{"signet:DNSNames":"*.a.example"},"Null":{"signet:DNSNames":"true"}}"#,
            together),
        Case(
            #"{"ForAnyValue:StringLike":{"signet:DNSNames":"*.b.example"},"ForAllValues:StringLike":{"signet:DNSNames":"*.a.example"}}"#,
            together),
        Case(
            #"{"NumericGreaterThan":{"signet:ValidityDays":"5"},"NumericLessThan":{"signet:ValidityDays":"7"}}"#,
            nil),
        Case(
            #"{"StringEqualsIfExists":{"aws:PrincipalTag/a":"x"},"StringNotEquals":{"aws:PrincipalTag/a":"x"}}"#,
            nil),
        Case(
            #"{"StringEquals":{"aws:PrincipalTag/a":"${aws:PrincipalTag/b}"},"StringNotEquals":{"aws:PrincipalTag/a":"x"}}"#,
            nil),
        Case(
            #"{"ForAllValues:StringLike":{"signet:SubjectCommonName":"*.A.example"},"ForAnyValue:StringEquals":{"signet:SubjectCommonName":"b.a.example"}}"#,
            nil),
    ]

    @Test(arguments: ofValues + ofConditions + ofActions + ofBlocks)
    func `a condition is accepted if some requests satisfy it and some do not`(_ entry: Case) throws {
        let statement =
            #"{"Effect":"Deny","Action":"\#(entry.actions)","Resource":"*","Condition":\#(entry.block)}"#
        guard let part = entry.fault else {
            _ = try DeadStatementTests.read(.identity, statement)
            return
        }
        let fault = #expect(throws: PolicyFault.self) {
            _ = try DeadStatementTests.read(.identity, statement)
        }
        #expect(fault?.description.contains(part) == true, "\(fault?.description ?? "")")
        #expect(fault?.path.hasPrefix("Statement[0].Condition") == true)
    }

    @Test(arguments: [
        ("*.EVIL.example", "a.evil.example", true), ("*.EVIL.example", "a b.evil.example", false),
        ("*.EVIL.example", "a b.EVIL.example", true), ("Anna *", "Anna A. Doe", true),
        ("anna *", "Anna A. Doe", false), ("${aws:PrincipalTag/Host}.EXAMPLE", "web.example", true),
    ])
    func `a pattern of common names may be in any case if the names can be hosts`(
        _ pattern: String, _ name: String, _ matches: Bool
    ) throws {
        let condition = try Condition(
            ConditionOperator(.stringLike, quantifier: .forAnyValue), key: "signet:SubjectCommonName",
            values: [pattern], hasVariables: true)
        var context = ConditionContext()
        context.set("aws:PrincipalTag/Host", "WEB")
        context["signet:SubjectCommonName"] = [name]
        #expect(condition.holds(in: context) == matches)
    }
}
