import Authorization
import JSON
import Testing

struct PolicyDocumentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let document: String
        let fault: String
    }

    static func with(_ statement: String) -> String {
        #"{"Version": "2012-10-17", "Statement": [\#(statement)]}"#
    }

    static let cases: [Case] = [
        Case(testDescription: "not an object", document: "[]", fault: "must be an object"),
        Case(
            testDescription: "no statement", document: #"{"Version": "2012-10-17"}"#, fault: "no `Statement`"),
        Case(
            testDescription: "no statements", document: #"{"Statement": []}"#,
            fault: "Statement: must not be empty"),
        Case(
            testDescription: "a version that does not exist",
            document: #"{"Version": "2020-01-01", "Statement": []}"#,
            fault: "Version: must be"),
        Case(
            testDescription: "an unknown element of the document",
            document: #"{"Statements": [], "Statement": []}"#, fault: "`Statements` is not understood"),
        Case(
            testDescription: "an effect in the wrong case",
            document: with(#"{"Effect": "allow", "Action": "*", "Resource": "*"}"#),
            fault: "Statement[0].Effect: must be `Allow` or `Deny`"),
        Case(
            testDescription: "no action", document: with(#"{"Effect": "Allow", "Resource": "*"}"#),
            fault: "Statement[0]: has either `Action` or `NotAction`"),
        Case(
            testDescription: "no resource", document: with(#"{"Effect": "Allow", "Action": "*"}"#),
            fault: "Statement[0]: has either `Resource` or `NotResource`"),
        Case(
            testDescription: "an action of another service",
            document: with(#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#),
            fault: "`s3:GetObject` is not an action"),
        Case(
            testDescription: "a misspelt action",
            document: with(#"{"Effect": "Deny", "Action": "acm-pca:IssueCertificates", "Resource": "*"}"#),
            fault: "`acm-pca:IssueCertificates` matches no action"),
        Case(
            testDescription: "a resource that is not an ARN",
            document: with(#"{"Effect": "Allow", "Action": "*", "Resource": "my-ca"}"#),
            fault: "`my-ca` is neither `*` nor an ARN"),
        Case(
            testDescription: "an action together with NotAction",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "NotAction": "acm-pca:GetCertificate", "Resource": "*"}"#),
            fault: "has either `Action` or `NotAction`"),
        Case(
            testDescription: "a principal in an identity policy",
            document: with(#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#),
            fault: "`Principal` is not understood in an identity policy"),
        Case(
            testDescription: "a policy variable without a version",
            document:
                #"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:acm-pca:::${aws:PrincipalAccount}"}}"#,
            fault: "policy variables such as"),
        Case(
            testDescription: "an unknown policy variable",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:acm-pca:::${aws:username}"}"#),
            fault: "the policy variable `${aws:username}` is not known"),
        Case(
            testDescription: "an unterminated policy variable",
            document: with(#"{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:acm-pca:::${aws:x"}"#),
            fault: "without an end"),
        Case(
            testDescription: "a default without quotes",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:acm-pca:::${aws:PrincipalTag/a, b}"}"#
            ),
            fault: "must be in single quotes"),
        Case(
            testDescription: "a key of several values without a quantifier",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"signet:DNSNames": "x"}}}"#
            ),
            fault: "write `ForAllValues:` or `ForAnyValue:` before the operator"),
        Case(
            testDescription: "an operator that never holds",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"NotIpAddress": {"acm-pca:TemplateArn": "10.0.0.0/8"}}}"#
            ),
            fault: "`NotIpAddress` never holds for `acm-pca:TemplateArn`"),
        Case(
            testDescription: "NullIfExists",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NullIfExists": {"aws:TagKeys": "true"}}}"#
            ),
            fault: "the operator `NullIfExists` is not known"),
        Case(
            testDescription: "a malformed number",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"aws:EpochTime": "0x10"}}}"#
            ),
            fault: "`0x10` is not a number"),
        Case(
            testDescription: "a malformed date",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-02-30"}}}"#
            ),
            fault: "is not a date"),
        Case(
            testDescription: "an ARN of five parts",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::x"}}}"#
            ),
            fault: "is not an ARN with six parts"),
        Case(
            testDescription: "a Sid that is not a string",
            document: with(#"{"Sid": 1, "Effect": "Allow", "Action": "*", "Resource": "*"}"#),
            fault: "Statement[0].Sid: must be a string"),
        Case(
            testDescription: "an unknown operator",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"acm-pca:TemplateArn": "x"}}}"#
            ),
            fault: "the operator `StringIs` is not known"),
        Case(
            testDescription: "an unknown key",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"acm-pca:Template": "x"}}}"#
            ),
            fault: "the condition key `acm-pca:Template` is not known"),
        Case(
            testDescription: "a value that is an object",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"acm-pca:TemplateArn": {}}}}"#
            ),
            fault: "must hold strings, numbers or booleans only"),
    ]

    @Test(arguments: cases)
    func `a policy that is not fully understood is refused with the place`(_ entry: Case) throws {
        let document = try JSONValue(parsing: entry.document.utf8)
        let fault = #expect(throws: PolicyFault.self) { _ = try Policy(identityPolicy: document, name: "p") }
        #expect(fault?.description.contains(entry.fault) == true, "\(String(describing: fault))")
    }

    @Test(arguments: [
        (#"{"AWS": "arn:aws:iam::*:role/x"}"#, "can match no principal"),
        (#"{"AWS": "12345"}"#, "can match no principal"),
        (#"{"AWS": "arn:aws:iam::111122223333:group/x"}"#, "neither a role nor a user"),
        (#"{"Federated": "x"}"#, "`Federated` is not understood"), (#"{}"#, "names no principal"),
        (#""111122223333""#, "must be an object"), (#"{"Service": "acm"}"#, "is not the name of a service"),
    ])
    func `a principal that cannot match is refused`(_ principal: String, _ reason: String) throws {
        let text = Self.with(
            #"{"Effect": "Allow", "Principal": \#(principal), "Action": "*", "Resource": "*"}"#)
        let document = try JSONValue(parsing: text.utf8)
        let fault = #expect(throws: PolicyFault.self) { _ = try Policy(resourcePolicy: document, name: "p") }
        #expect(fault?.description.contains(reason) == true, "\(String(describing: fault))")
        let negated = try JSONValue(
            parsing: Self.with(
                #"{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}"#
            ).utf8)
        #expect(throws: PolicyFault.self) { _ = try Policy(resourcePolicy: negated, name: "p") }
    }

    @Test func `a key with several values needs a quantifier`() throws {
        let document = try JSONValue(
            parsing: Self.with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "x"}}}"#
            ).utf8)
        let fault = #expect(throws: PolicyFault.self) {
            _ = try Policy(identityPolicy: document, name: "p")
        }
        #expect(fault?.description.contains("write `ForAllValues:` or `ForAnyValue:`") == true)
    }

    @Test func `a single statement needs no list`() throws {
        let document: JSONValue = ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]]
        _ = try Policy(identityPolicy: document, name: "p")
    }
}
