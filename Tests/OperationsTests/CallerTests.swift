import Foundation
import InMemoryStorage
import JSON
import Storage
import Testing

/// What DescribeCaller tells a caller about itself.
@Suite(.timeLimit(.minutes(5)))
struct CallerTests {
    private static let operation = "Signet.DescribeCaller"

    private static func statement(
        _ action: JSONValue, _ resource: String = "*", _ condition: JSONValue? = nil, effect: String = "Allow"
    ) -> JSONValue {
        var statement: JSONObject = [
            "Effect": .string(effect), "Action": action, "Resource": .string(resource),
        ]
        statement["Condition"] = condition
        return .object(statement)
    }

    /// The actions of a list, each with its access and its deciding keys.
    private func actions(_ list: JSONValue?) -> [String] {
        (list?.arrayValue ?? []).map { entry in
            let keys = (entry["ConditionKeys"]?.arrayValue ?? []).compactMap(\.stringValue)
            let templates = entry["TemplateArns"]?.arrayValue.map { " \($0.count)" } ?? ""
            return "\(entry["Action"]?.stringValue ?? "") \(entry["Access"]?.stringValue ?? "")"
                + templates + keys.map { " \($0)" }.joined()
        }
    }

    @Test func `a principal without policies learns who it is, and of no authority`() async throws {
        let scenario = try await Scenario.copy()
        let answer = try await scenario.api.call(Self.operation, as: .outsider).get()
        #expect(answer["Caller"]?["PrincipalArn"] == "arn:aws:iam::000000000000:role/outsider")
        #expect(answer["Caller"]?["Account"] == "000000000000")
        #expect(answer["Caller"]?["Process"]?["Pid"] == 7)
        #expect(answer["Caller"]?["PolicyDigest"] == "rulebook")
        #expect(answer["Actions"] == [])
        #expect(answer["CertificateAuthorities"] == [])
    }

    @Test func `what the contents of a request decide is said, by template`() async throws {
        let scenario = try await Scenario.copy {
            let root = $0.filled("$root")
            return Rules(holder: [
                Self.statement(
                    "acm-pca:IssueCertificate", root,
                    [
                        "StringEquals": [
                            "acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1"
                        ],
                        "NumericLessThanEquals": ["signet:ValidityDays": "90"],
                        "ForAllValues:StringLike": ["signet:DNSNames": "*.example.test"],
                    ]),
                Self.statement("acm-pca:GetCertificate", root), Self.statement("signet:ListTemplates"),
            ])
        }
        let answer = try await scenario.api.call(Self.operation, as: .holder).get()
        #expect(actions(answer["Actions"]) == ["signet:ListTemplates ALLOWED"])
        let authorities = try #require(answer["CertificateAuthorities"]?.arrayValue)
        #expect(authorities.map { $0["CertificateAuthorityArn"] } == [.string(scenario.filled("$root"))])
        #expect(
            actions(authorities[0]["Actions"]) == [
                "acm-pca:GetCertificate ALLOWED",
                "acm-pca:IssueCertificate CONDITIONAL 1 signet:DNSNames signet:ValidityDays",
            ])
        // It may not describe the authority.
        #expect(authorities[0]["Subject"] == nil && authorities[0]["Status"] == nil)
    }

    @Test func `a caller that may describe an authority sees its name and its state`() async throws {
        let scenario = try await Scenario.copy {
            Rules(holder: [Self.statement("acm-pca:Describe*", $0.filled("$second"))])
        }
        let answer = try await scenario.api.call(Self.operation, as: .holder).get()
        let only = try #require(answer["CertificateAuthorities"]?.arrayValue?.first)
        #expect(only["Subject"]?["CommonName"] == "second")
        #expect(only["Status"] == "PENDING_CERTIFICATE")
    }

    @Test func `officers' approvals count as a condition`() async throws {
        let scenario = try await Scenario.copy()
        let answer = try await scenario.api.call(Self.operation, as: .issuer).get()
        let first = try #require(answer["CertificateAuthorities"]?.arrayValue?.first)
        let listed = actions(first["Actions"])
        #expect(listed.contains("acm-pca:PutPolicy CONDITIONAL signet:ApprovalCount"), "\(listed)")
        #expect(
            listed.contains {
                $0.hasPrefix("acm-pca:IssueCertificate CONDITIONAL")
                    && $0.hasSuffix(" signet:ApprovalCount")
            }, "\(listed)")
        #expect(listed.contains { $0.hasPrefix("acm-pca:IssueCertificate ALLOWED") }, "\(listed)")
    }

    @Test func `a Deny hides an authority, and cannot hide the caller from itself`() async throws {
        let scenario = try await Scenario.copy {
            Rules(holder: [
                Self.statement("*"), Self.statement("*", $0.filled("$root"), effect: "Deny"),
                Self.statement("signet:*", effect: "Deny"),
            ])
        }
        let answer = try await scenario.api.call(Self.operation, as: .holder).get()
        let arns = (answer["CertificateAuthorities"]?.arrayValue ?? []).map { $0["CertificateAuthorityArn"] }
        #expect(
            Set(arns.map { $0?.stringValue }) == [scenario.filled("$second"), scenario.filled("$below")])
        #expect(!actions(answer["Actions"]).contains { $0.hasPrefix("signet:") })
    }

    @Test func `a page has 20 authorities at most`() async throws {
        let scenario = try await Scenario.copy()
        var authority = try #require(
            try await scenario.api.store.certificateAuthorities(after: nil, limit: 1).first)
        authority.subjectPublicKeyInfo = nil
        for number in 0..<21 {
            authority.id = "00000000-0000-4000-8000-000000000\(100 + number)"
            try await scenario.api.store.commit([.insertCertificateAuthority(authority)])
        }
        let answer = try await scenario.api.call(Self.operation, #"{"MaxResults": 1000}"#).get()
        #expect(answer["CertificateAuthorities"]?.arrayValue?.count == 20)
    }

    @Test func `authorities come in pages, and a token of another kind is refused`() async throws {
        let scenario = try await Scenario.copy()
        let first = try await scenario.api.call(Self.operation, #"{"MaxResults": 1}"#).get()
        #expect(first["CertificateAuthorities"]?.arrayValue?.count == 1)
        let token = try #require(first["NextToken"]?.stringValue)
        let second = try await scenario.api.call(
            Self.operation, #"{"MaxResults": 1, "NextToken": "\#(token)"}"#
        ).get()
        #expect(second["CertificateAuthorities"]?.arrayValue?.count == 1)
        #expect(second["CertificateAuthorities"] != first["CertificateAuthorities"])
        #expect(second["Actions"] == [])
        let next = try #require(second["NextToken"]?.stringValue)
        let third = try await scenario.api.call(
            Self.operation, #"{"MaxResults": 1, "NextToken": "\#(next)"}"#
        ).get()
        #expect(third["NextToken"] == nil && third["CertificateAuthorities"]?.arrayValue?.count == 1)
        let refusal = await scenario.api.refusal(Self.operation, #"{"NextToken": "x"}"#)
        #expect(refusal == "InvalidNextTokenException")
    }
}

extension JSONValue {
    fileprivate var arrayValue: [JSONValue]? { if case .array(let list) = self { list } else { nil } }
}
