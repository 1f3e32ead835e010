import JSON
import Testing

@testable import Authorization

/// A statement that never applies, or that always applies although it looks conditional, is a fault when the
/// policy is read.
struct DeadStatementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let form: PolicyReader.Form
        let statements: String
        let fault: String

        init(_ name: String, _ form: PolicyReader.Form, _ statements: String, fault: String = "") {
            (testDescription, self.form, self.statements, self.fault) = (name, form, statements, fault)
        }

        init(_ name: String, _ statements: String, fault: String = "") {
            self.init(name, .identity, statements, fault: fault)
        }

        /// In the policy of an authority.
        static func principal(_ name: String, _ principal: String, _ path: String, _ reason: String) -> Case {
            Case(
                name, .resource,
                #"{"Effect":"Deny",\#(principal),"Action":"acm-pca:GetCertificate","Resource":"*"}"#,
                fault: "Statement[0].\(path): \(reason)")
        }
    }

    static func read(_ form: PolicyReader.Form, _ statements: String, isStored: Bool = false) throws -> Policy
    {
        let own = AuthorityARNsTests.own
        let document = try JSONValue(
            parsing: #"{"Version":"2012-10-17","Statement":[\#(statements)]}"#.utf8)
        return try PolicyReader(
            name: "p", form: form, resources: isStored ? nil : own, partition: own.partition,
            isStored: isStored
        ).policy(document)
    }

    static let noResource =
        "excludes every resource that the actions can be about; name the resources that are meant in `Resource`"
    static let noAction = "excludes every action there is; name the actions that are meant in `Action`"
    static let notOfAuthority =
        "no request about a certificate authority has this action; it belongs in an identity policy or a guardrail"
    static let noName =
        "can match no principal: the name of a role or user has letters, digits and `_+=,.@-`, after its path if it has one"
    static let ofService =
        "is known of AWS's services only, and the statement names none; name the service as its `Principal`, or use `aws:PrincipalArn` or `aws:PrincipalAccount`"

    static let ofStatements: [Case] = [
        Case(
            "NotResource *", #"{"Effect":"Deny","Action":"*","NotResource":"*"}"#,
            fault: "Statement[0].NotResource: \(noResource)"),
        Case(
            "NotResource with * in a guardrail", .guardrail,
            #"{"Effect":"Deny","Action":"*","NotResource":["\#(AuthorityARNsTests.ca)","*"]}"#,
            fault: "Statement[0].NotResource: \(noResource)"),
        Case(
            "NotResource of every authority",
            #"{"Effect":"Deny","Action":"acm-pca:Issue*","NotResource":"arn:aws:acm-pca:*:certificate-authority/*"}"#,
            fault: "Statement[0].NotResource: \(noResource)"),
        Case(
            "NotResource of every authority, in a policy of one", .resource,
            #"{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:*"}"#,
            fault: "Statement[0].NotResource: \(noResource)"),
        Case(
            "NotAction *", #"{"Effect":"Deny","NotAction":"*","Resource":"*"}"#,
            fault: "Statement[0].NotAction: \(noAction)"),
        Case(
            "NotAction of both services",
            #"{"Effect":"Deny","NotAction":["ACM-PCA:*","signet:*"],"Resource":"*"}"#,
            fault: "Statement[0].NotAction: \(noAction)"),
        Case(
            "NotAction of patterns that cover all",
            #"{"Effect":"Allow","NotAction":["*","acm-pca:Get*"],"Resource":"*"}"#,
            fault: "Statement[0].NotAction: \(noAction)"),
        Case(
            "an action of the daemon in a policy of an authority", .resource,
            #"{"Effect":"Deny","Principal":"*","Action":["signet:ListTokens","acm-pca:CreateCertificateAuthority"],"Resource":"*"}"#,
            fault: "Statement[0].Action: \(notOfAuthority)"),
        Case(
            "a pattern of actions of the daemon", .resource,
            #"{"Effect":"Deny","Principal":"*","Action":"signet:*Token","Resource":"*"}"#,
            fault: "Statement[0].Action: \(notOfAuthority)"),
        Case(
            "NotAction that leaves actions of the daemon", .resource,
            #"{"Effect":"Deny","Principal":"*","NotAction":["acm-pca:*","signet:*Request","signet:GetApproval","signet:GetIssuanceReceipt","signet:GetCertificateRevocationList","signet:GetOCSPResponse","signet:ImportCertificateRevocationList","signet:ImportIssuedCertificate","signet:RevokeHeldCertificate"],"Resource":"*"}"#,
            fault: "Statement[0].NotAction: \(notOfAuthority)"),
        Case(
            "a Sid that is the place of a statement without",
            #"{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"0","Effect":"Deny","Action":"*","Resource":"*"}"#,
            fault:
                "Statement[1].Sid: `0` is the name of Statement[0] in the audit log, which has no Sid; give one of them another Sid"
        ),
        Case(
            "a Sid that is the place of a later statement with an empty Sid", .resource,
            #"{"Sid":"1","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"},{"Sid":"","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#,
            fault:
                "Statement[0].Sid: `1` is the name of Statement[1] in the audit log, which has no Sid; give one of them another Sid"
        ),
        Case(
            "aws:SourceArn for every principal", .resource,
            #"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::x"}}}"#,
            fault: "Statement[0].Condition.ArnLike: `aws:SourceArn` \(ofService)"),
        Case(
            "aws:SourceAccount, in another case, for an account", .resource,
            #"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*","Condition":{"Null":{"AWS:sourceaccount":"false"}}}"#,
            fault: "Statement[0].Condition.Null: `AWS:sourceaccount` \(ofService)"),
        Case(
            "aws:SourceAccount for all but a service", .resource,
            #"{"Effect":"Deny","NotPrincipal":{"Service":"acm.amazonaws.com"},"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}"#,
            fault: "Statement[0].Condition.StringEquals: `aws:SourceAccount` \(ofService)"),
    ]

    static let ofPrincipals: [Case] = [
        .principal(
            "NotPrincipal *", #""NotPrincipal":"*""#, "NotPrincipal",
            "`*` spares every principal; name the accounts, roles and users to spare"),
        .principal(
            "NotPrincipal with * among others", #""NotPrincipal":{"AWS":["111122223333","*"]}"#,
            "NotPrincipal.AWS",
            "`*` spares every principal; name the accounts, roles and users to spare"),
        .principal(
            "a role of another partition", #""Principal":{"AWS":"arn:aws-cn:iam::111122223333:role/x"}"#,
            "Principal.AWS",
            "`arn:aws-cn:iam::111122223333:role/x` can match no principal: its partition is not that of this daemon; write `arn:aws:iam::…`"
        ),
        .principal(
            "a root of another partition", #""NotPrincipal":{"AWS":["arn:AWS:iam::111122223333:root"]}"#,
            "NotPrincipal.AWS",
            "`arn:AWS:iam::111122223333:root` can match no principal: its partition is not that of this daemon; write `arn:aws:iam::…`"
        ),
        .principal(
            "a role without a name", #""Principal":{"AWS":"arn:aws:iam::111122223333:role/"}"#,
            "Principal.AWS", "`arn:aws:iam::111122223333:role/` \(noName)"),
        .principal(
            "a user with a path and no name", #""Principal":{"AWS":"arn:aws:iam::111122223333:user/a/"}"#,
            "Principal.AWS", "`arn:aws:iam::111122223333:user/a/` \(noName)"),
        .principal(
            "a name with a blank", #""Principal":{"AWS":"arn:aws:iam::111122223333:role/a b"}"#,
            "Principal.AWS", "`arn:aws:iam::111122223333:role/a b` \(noName)"),
        .principal(
            "a name with an accent", #""Principal":{"AWS":"arn:aws:iam::111122223333:role/café"}"#,
            "Principal.AWS", "`arn:aws:iam::111122223333:role/café` \(noName)"),
        .principal(
            "a path with nothing in it", #""Principal":{"AWS":"arn:aws:iam::111122223333:role//x"}"#,
            "Principal.AWS", "`arn:aws:iam::111122223333:role//x` \(noName)"),
        .principal(
            "a policy variable",
            #""Principal":{"AWS":"arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}"}"#,
            "Principal.AWS",
            "`arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}` can match no principal: principals have no policy variables; compare `aws:PrincipalArn` in a condition"
        ),
    ]

    @Test(arguments: ofStatements + ofPrincipals)
    func `a statement that can never apply as intended is a fault with its reason`(_ entry: Case) {
        let fault = #expect(throws: PolicyFault.self) { _ = try Self.read(entry.form, entry.statements) }
        #expect(fault?.description == entry.fault)
    }

    @Test func `a variable in a resource is checked too`() {
        let fault = #expect(throws: PolicyFault.self) {
            _ = try Self.read(
                .identity,
                #"{"Effect":"Deny","Action":"*","Resource":"arn:aws:acm-pca:*:*:certificate-authority/${aws:PrincipalTag/c?}"}"#
            )
        }
        #expect(fault?.path == "Statement[0].Resource")
        #expect(fault?.reason.contains("never has a value") == true)
    }

    /// Statements that AWS accepts and that can apply.
    static let living: [Case] = [
        Case(
            "an empty Condition", #"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}"#, fault: ""
        ),
        Case(
            "NotResource of every authority, with actions about none",
            #"{"Effect":"Deny","Action":"*","NotResource":"arn:aws:acm-pca:*:certificate-authority/*"}"#),
        Case(
            "NotResource of one authority",
            #"{"Effect":"Deny","Action":"acm-pca:GetCertificate","NotResource":"\#(AuthorityARNsTests.ca)"}"#),
        Case(
            "NotResource with a variable",
            #"{"Effect":"Deny","Action":"acm-pca:GetCertificate","NotResource":"arn:aws:acm-pca:*:*:certificate-authority/${aws:PrincipalTag/ca}"}"#
        ),
        Case(
            "NotAction of one service", #"{"Effect":"Deny","NotAction":"acm-pca:*","Resource":"*"}"#),
        Case(
            "actions of the daemon among others in a policy of an authority", .resource,
            #"{"Effect":"Deny","Principal":"*","Action":["signet:ListTokens","signet:ApproveRequest"],"Resource":"*"}"#
        ),
        Case(
            "principals with paths and signs", .resource,
            #"{"Effect":"Deny","Principal":{"AWS":["arn:aws:iam::111122223333:role/a/b#c/x_+=,.@-Y","arn:aws:iam::111122223333:root"]},"Action":"*","Resource":"*"}"#
        ),
        Case(
            "NotPrincipal of a service", .resource,
            #"{"Effect":"Deny","NotPrincipal":{"Service":"acm.amazonaws.com"},"Action":"*","Resource":"*"}"#),
        Case(
            "a key of services where one is named", .resource,
            #"{"Effect":"Allow","Principal":{"AWS":"111122223333","Service":"acm.amazonaws.com"},"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}"#
        ),
        Case(
            "a Sid of digits that is its own place, or no other's",
            #"{"Sid":"0","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"7","Effect":"Deny","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}"#
        ),
    ]

    @Test(arguments: living)
    func `a statement that can apply is accepted`(_ entry: Case) throws {
        _ = try Self.read(entry.form, entry.statements)
    }

    @Test(arguments: (ofStatements + ofPrincipals).filter { $0.form == .resource })
    func `a stored policy with such a statement is still read, because its decisions do not change`(
        _ entry: Case
    ) throws {
        _ = try Self.read(entry.form, entry.statements, isStored: true)
    }

    @Test func `an empty Sid counts as no Sid`() throws {
        let policy = try Self.read(.identity, #"{"Sid":"","Effect":"Allow","Action":"*","Resource":"*"}"#)
        #expect(policy.statements.map(\.name) == ["p#0"])
    }

    @Test func `a managed permission names the template in the partition of the authority`() throws {
        let resources = AuthorityARNs(partition: "aws-cn", region: "cn-north-1", account: "000000000000")
        for permission in SharePermission.managed {
            _ = try permission.policy(
                sharing:
                    "arn:aws-cn:acm-pca:cn-north-1:000000000000:certificate-authority/\(AuthorityARNsTests.id)",
                with: ["arn:aws-cn:iam::111122223333:role/x"], resources: resources)
        }
    }
}
