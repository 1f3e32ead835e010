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
            fault: "Statement[0].Action: must be a string or a list"),
        Case(
            testDescription: "no resource", document: with(#"{"Effect": "Allow", "Action": "*"}"#),
            fault: "Statement[0].Resource: must be a string or a list"),
        Case(
            testDescription: "an action of another service",
            document: with(#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#),
            fault: "`s3:GetObject` is not an action"),
        Case(
            testDescription: "a misspelt action",
            document: with(#"{"Effect": "Deny", "Action": "acm-pca:IssueCertificates", "Resource": "*"}"#),
            fault: "`acm-pca:IssueCertificates` matches no action"),
        Case(
            testDescription: "a resource that is no ARN",
            document: with(#"{"Effect": "Allow", "Action": "*", "Resource": "my-ca"}"#),
            fault: "`my-ca` is neither `*` nor an ARN"),
        Case(
            testDescription: "an element that is not evaluated yet",
            document: with(#"{"Effect": "Deny", "NotAction": "acm-pca:GetCertificate", "Resource": "*"}"#),
            fault: "`NotAction` is not understood"),
        Case(
            testDescription: "a principal in an identity policy",
            document: with(#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#),
            fault: "`Principal` is not understood in an identity policy"),
        Case(
            testDescription: "a policy variable",
            document: with(
                #"{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:acm-pca:::${aws:PrincipalAccount}"}"#
            ),
            fault: "policy variables such as"),
        Case(
            testDescription: "a Sid that is no string",
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
            testDescription: "a value that is no string",
            document: with(
                #"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"acm-pca:TemplateArn": 5}}}"#
            ),
            fault: "must be a string or a list of strings"),
    ]

    @Test(arguments: cases)
    func `a policy that is not understood completely is refused, with the place`(_ entry: Case) throws {
        let document = try JSONValue(parsing: entry.document.utf8)
        let fault = #expect(throws: PolicyFault.self) { _ = try Policy(identityPolicy: document, name: "p") }
        #expect(fault?.description.contains(entry.fault) == true, "\(String(describing: fault))")
    }

    @Test func `a single statement may stand without a list`() throws {
        let document: JSONValue = ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]]
        _ = try Policy(identityPolicy: document, name: "p")
    }
}
