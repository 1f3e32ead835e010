import JSON
import TestSupport
import Testing

@testable import Authorization

/// A Resource that matches no possible ARN of the daemon is a fault in every kind of policy.
struct AuthorityARNsTests {
    static let own = AuthorityARNs(partition: "aws", region: "us-local-1", account: "000000000000")
    static let id = "7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130"
    static let ca = "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(id)"

    enum Kind: String, CaseIterable, Sendable {
        case identity
        case guardrail
        case resource
    }

    private static func read(_ kind: Kind, _ key: String, _ resource: JSONValue) throws(PolicyFault) {
        var statement: JSONObject = ["Effect": "Deny", "Action": "acm-pca:IssueCertificate"]
        statement[key] = resource
        if kind == .resource { statement["Principal"] = "*" }
        let document: JSONValue = ["Version": "2012-10-17", "Statement": [.object(statement)]]
        switch kind {
        case .identity: _ = try Policy(identityPolicy: document, name: "p", resources: own)
        case .guardrail: _ = try Policy(guardrail: document, name: "p", resources: own)
        case .resource: _ = try Policy(resourcePolicy: document, name: "p", resources: own)
        }
    }

    static let dead: [(String, String)] = [
        ("arn:aws", "its partition"),
        ("arn:aws:s3:::bucket", "its service"),
        ("arn:aws:acm-pca", "its service"),
        ("arn:aws-us-gov:acm-pca:*:*:certificate-authority/*", "its partition"),
        ("arn:aws-cn:acm-pca:us-local-1:000000000000:certificate-authority/*", "its partition"),
        ("arn::acm-pca:us-local-1:000000000000:certificate-authority/*", "its partition"),
        ("arn:aws:acm:us-local-1:000000000000:certificate-authority/*", "its service"),
        ("arn:aws:iam::000000000000:role/x", "its service"),
        ("arn:aws:ACM-PCA:us-local-1:000000000000:certificate-authority/*", "its service"),
        ("arn:aws:acm-pca:eu-west-1:000000000000:certificate-authority/*", "its region"),
        ("arn:aws:acm-pca::000000000000:certificate-authority/*", "its region"),
        ("arn:aws:acm-pca:us-local-1:00000000000:certificate-authority/*", "its account"),
        ("arn:aws:acm-pca:us-local-1:0000000000000:certificate-authority/*", "its account"),
        ("arn:aws:acm-pca:us-local-1:111122223333:certificate-authority/*", "its account"),
        ("arn:aws:acm-pca:us-local-1:certificate-authority/*", "its account"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authorty/x", "its resource type"),
        ("arn:aws:acm-pca:us-local-1:000000000000:Certificate-Authority/*", "its resource type"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority:*", "its resource type"),
        ("arn:aws:acm-pca:us-local-1:000000000000:template/*", "its resource type"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority", "its resource type"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/", "its resource"),
        ("arn:aws:acm-pca:::template/EndEntityCertificate/V1", "its region"),
        ("\(ca)/certificate/*", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/*/certificate/*", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/?/", "its resource"),
        ("\(ca) ", "its resource"), ("\(ca)\n", "its resource"), ("\(ca)\u{301}", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/x", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/myca", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/*g*", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/?-*", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/a*-", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(id.uppercased())", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(id)0", "its resource"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(id.dropLast())", "its resource"),
        (
            "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(String(repeating: "?", count: 37))",
            "its resource"
        ),
        ("arn:aws:acm-pca:us-local-1 :000000000000:certificate-authority/*", "its region"),
        ("arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/${*}", "its resource"),
        ("arn:aws:acm-pca:eu-*:*:certificate-authority/*", "its region"),
        ("arn:?:acm-pca:*:*:*", "its partition"),
        ("arn:*:s3:*", "can match no resource of this daemon"),
    ]

    @Test(arguments: dead)
    func `a resource that matches nothing is a fault in every kind of policy`(
        _ resource: String, _ part: String
    ) {
        for kind in Kind.allCases {
            for key in ["Resource", "NotResource"] {
                let fault = #expect(throws: PolicyFault.self, "\(kind) \(key)") {
                    try Self.read(kind, key, .string(resource))
                }
                #expect(fault?.path == "Statement[0].\(key)")
                #expect(fault?.reason.contains(part) == true, "\(String(describing: fault))")
                // One faulty resource among correct ones.
                #expect(throws: PolicyFault.self) {
                    try Self.read(kind, key, ["*", .string(Self.ca), .string(resource)])
                }
            }
        }
    }

    @Test(arguments: [
        "*", ca, "\(ca.dropLast())?", "arn:*", "arn:aws:*", "arn:aws:acm-pca:*", "arn:?ws:acm-pca:*:*:*",
        "arn:aws:acm-pca:*:*:certificate-authority/*", "arn:*:*:*:*:*",
        "arn:aws:acm-pca:us-*:*:certificate-*",
        "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/????????-*",
        "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/*b9130", "arn:*0*", "arn:*f",
        "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(String(repeating: "?", count: 36))",
        "arn:aws:acm-pca:us-local-1:0000????????:certificate-authority/7d*",
        "arn:aws:acm-pca:us-local-1:${aws:PrincipalAccount}:certificate-authority/*",
        "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/${aws:PrincipalTag/ca}",
        "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/${aws:PrincipalTag/ca}-*",
        "arn:*certificate-authority*", "arn:aws:acm-pca:us-local-1:000000000000:*",
    ])
    func `a resource that can match is accepted, whether the authority exists or not`(_ resource: String)
        throws
    {
        for kind in Kind.allCases {
            try Self.read(kind, "Resource", .string(resource))
        }
    }

    @Test(arguments: ["certarn.json", "govarn.json"])
    func `case 14: the policies are refused`(_ file: String) throws {
        let document = try JSONValue(parsing: CaseFiles.read("14-dead-resource/\(file)"))
        for read: (JSONValue) throws -> Policy in [
            { try Policy(identityPolicy: $0, name: "p", resources: Self.own) },
            { try Policy(guardrail: $0, name: "p", resources: Self.own) },
        ] {
            #expect(throws: PolicyFault.self) { _ = try read(document) }
        }
    }

    @Test func `two statements with one Sid are a fault, two without a Sid are not`() throws {
        func document(_ first: JSONValue?, _ second: JSONValue?) -> JSONValue {
            let statements = [first, second].map { sid -> JSONValue in
                var statement: JSONObject = ["Effect": "Allow", "Action": "*", "Resource": "*"]
                if let sid { statement["Sid"] = sid }
                return .object(statement)
            }
            return ["Statement": .array(statements)]
        }
        let fault = #expect(throws: PolicyFault.self) {
            _ = try Policy(identityPolicy: document("A", "A"), name: "p")
        }
        #expect(fault?.description == "Statement[1].Sid: `A` is the Sid of Statement[0] too")
        for (first, second) in [(nil, nil), ("A", nil), ("A", "a"), ("", "")] as [(JSONValue?, JSONValue?)] {
            _ = try Policy(identityPolicy: document(first, second), name: "p")
        }
    }

    @Test func `AWS's sample policy for a shared authority, with a repeated Sid, is accepted`() throws {
        let statement: JSONValue = [
            "Sid": "1", "Effect": "Allow", "Principal": ["AWS": "111122223333"],
            "Action": "acm-pca:GetCertificate", "Resource": .string(Self.ca),
        ]
        _ = try Policy(
            resourcePolicy: ["Version": "2012-10-17", "Statement": [statement, statement]], name: "p",
            resources: Self.own)
    }

    @Test(arguments: [1, true, .null, ["x"], ["a": "b"]] as [JSONValue])
    func `an Id of a wrong type is a fault`(_ id: JSONValue) throws {
        let document: JSONValue = [
            "Id": id, "Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"],
        ]
        let fault = #expect(throws: PolicyFault.self) { _ = try Policy(identityPolicy: document, name: "p") }
        #expect(fault?.description == "Id: must be a string")
    }

    @Test func `a policy that was stored earlier can still be read`() throws {
        let statement: JSONValue = [
            "Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "acm-pca:GetCertificate",
            "Resource": .string(Self.ca),
        ]
        let document: JSONValue = ["Id": 1, "Statement": [statement, statement]]
        #expect(throws: PolicyFault.self) { _ = try Policy(resourcePolicy: document, name: "p") }
        _ = try Policy(storedResourcePolicy: document, name: "p")
    }
}
