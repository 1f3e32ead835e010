import AuditLog
import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import RecordKeeping
import SoftwareKeys
import Storage
import Testing

/// The permissions that operations require, and the rulebook that decides.
@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    private static func statement(
        _ effect: String, _ action: String, _ resource: String = "*", _ condition: JSONValue? = nil
    ) -> JSONValue {
        var statement: JSONObject = [
            "Effect": .string(effect), "Action": .string(action), "Resource": .string(resource),
        ]
        statement["Condition"] = condition
        return .object(statement)
    }

    @Test(arguments: OperationCase.permitted)
    func `an operation needs its own action on its own resource, and no other`(_ entry: OperationCase)
        async throws
    {
        let own = try await Scenario.copy {
            Rules(holder: [Self.statement("Allow", entry.action, $0.filled(entry.resource))])
        }
        own.api.time.advance(entry.later)
        #expect(await own.api.refusal(entry.operation, own.filled(entry.input), as: .holder) == nil)
        let others = try await Scenario.copy {
            Rules(holder: [
                Self.statement("Allow", "*"),
                Self.statement("Deny", entry.action, $0.filled(entry.resource)),
            ])
        }
        others.api.time.advance(entry.later)
        #expect(
            await others.api.refusal(entry.operation, others.filled(entry.input), as: .holder)
                == "AccessDeniedException")
    }

    @Test func `an authority with tags needs the action for tags too`() async throws {
        let create = "ACMPrivateCA.CreateCertificateAuthority"
        let bare = try #require(OperationCase.all.first { $0.operation == create }).input
        let tagged = bare.replacing(
            "{\"CertificateAuthorityType", with: "{\"Tags\": [{\"Key\": \"k\"}], \"CertificateAuthorityType")
        let one = Self.statement("Allow", "acm-pca:CreateCertificateAuthority")
        let api = try InMemoryAPI(Rules(holder: [one]))
        #expect(await api.refusal(create, bare, as: .holder) == nil)
        #expect(await api.refusal(create, tagged, as: .holder) == "AccessDeniedException")
        let both = try InMemoryAPI(
            Rules(holder: [one, Self.statement("Allow", "acm-pca:TagCertificateAuthority")]))
        #expect(await both.refusal(create, tagged, as: .holder) == nil)
    }

    @Test func `the tags of a request decide`() async throws {
        let scenario = try await Scenario.copy { _ in
            Rules(holder: [
                Self.statement(
                    "Allow", "acm-pca:TagCertificateAuthority", "*",
                    ["StringEquals": ["aws:RequestTag/stage": "test"]]),
                Self.statement(
                    "Allow", "acm-pca:UntagCertificateAuthority", "*",
                    ["ForAnyValue:StringEquals": ["aws:TagKeys": ["stage"]]]),
            ])
        }
        func change(_ operation: String, _ tag: String) async -> String? {
            await scenario.api.refusal(
                "ACMPrivateCA.\(operation)CertificateAuthority",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "Tags": [\#(tag)]}"#), as: .holder)
        }
        #expect(await change("Tag", #"{"Key": "stage", "Value": "test"}"#) == nil)
        #expect(await change("Tag", #"{"Key": "stage", "Value": "live"}"#) == "AccessDeniedException")
        #expect(await change("Untag", #"{"Key": "stage"}"#) == nil)
        #expect(await change("Untag", #"{"Key": "team"}"#) == "AccessDeniedException")
    }

    @Test func `the tags and the policy of an authority decide`() async throws {
        let describe = "ACMPrivateCA.DescribeCertificateAuthority"
        let root = #"{"CertificateAuthorityArn": "$root"}"#
        let scenario = try await Scenario.copy { _ in
            Rules(holder: [
                Self.statement(
                    "Allow", "acm-pca:DescribeCertificateAuthority", "*",
                    ["StringEquals": ["aws:ResourceTag/team": "web"]])
            ])
        }
        #expect(await scenario.api.refusal(describe, scenario.filled(root), as: .holder) == nil)
        #expect(
            await scenario.api.refusal(
                describe, scenario.filled(root.replacing("$root", with: "$second")), as: .holder)
                == "AccessDeniedException")
        let denying = scenario.putPolicy([
            "Effect": "Deny", "Principal": ["AWS": "arn:aws:iam::000000000000:role/administrator"],
            "Action": "acm-pca:DescribeCertificateAuthority", "Resource": .string(scenario.filled("$root")),
        ])
        #expect(await scenario.api.refusal("ACMPrivateCA.PutPolicy", denying) == nil)
        #expect(await scenario.api.refusal(describe, scenario.filled(root)) == "AccessDeniedException")
    }

    @Test func `a principal of another account lists what is shared with it`() async throws {
        let scenario = try await Scenario.copy()
        func list(_ owner: String, as user: InMemoryAPI.User) async throws -> Int {
            try await scenario.count(
                "CertificateAuthorities", of: "ACMPrivateCA.ListCertificateAuthorities",
                #"{"ResourceOwner": "\#(owner)"}"#, as: user)
        }
        #expect(try await list("SELF", as: .administrator) == 3)
        #expect(try await list("OTHER_ACCOUNTS", as: .administrator) == 0)
        #expect(try await list("SELF", as: .foreigner) == 0)
        #expect(try await list("OTHER_ACCOUNTS", as: .foreigner) == 0)
        let sharing = scenario.putPolicy([
            "Effect": "Allow", "Principal": ["AWS": "111111111111"],
            "Action": "acm-pca:DescribeCertificateAuthority", "Resource": .string(scenario.filled("$root")),
        ])
        #expect(await scenario.api.refusal("ACMPrivateCA.PutPolicy", sharing) == nil)
        #expect(try await list("OTHER_ACCOUNTS", as: .foreigner) == 1)
    }

    @Test func `an ARN of another region, or of another authority, finds nothing`() async throws {
        let scenario = try await Scenario.copy()
        let (root, leaf) = (scenario.filled("$root"), scenario.filled("$leaf"))
        let serialNumber = leaf.split(separator: "/").last.map(String.init) ?? ""
        func elsewhere(_ arn: String) -> String { arn.replacing("us-local-1", with: "us-local-2") }
        for (operation, input) in [
            ("DescribeCertificateAuthority", #"{"CertificateAuthorityArn": "\#(elsewhere(root))"}"#),
            (
                "GetCertificate",
                #"{"CertificateAuthorityArn": "\#(root)", "CertificateArn": "\#(elsewhere(leaf))"}"#
            ),
            (
                "GetCertificate",
                #"{"CertificateAuthorityArn": "$second", "CertificateArn": "$second/certificate/\#(serialNumber)"}"#
            ),
            (
                "DescribeCertificateAuthorityAuditReport",
                #"{"CertificateAuthorityArn": "$second", "AuditReportId": "$report"}"#
            ),
        ] {
            #expect(
                await scenario.api.refusal("ACMPrivateCA.\(operation)", scenario.filled(input))
                    == "ResourceNotFoundException", "\(operation)")
        }
    }

    @Test func `an ARN of another form is malformed`() async throws {
        let scenario = try await Scenario.copy()
        let root = scenario.filled("$root")
        for (operation, input) in [
            ("DescribeCertificateAuthority", #"{"CertificateAuthorityArn": "$root/x"}"#),
            (
                "DescribeCertificateAuthority",
                #"{"CertificateAuthorityArn": "\#(root.replacing(":certificate-", with: ":"))"}"#
            ),
            (
                "GetCertificate",
                #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$second/certificate/00"}"#
            ),
        ] {
            #expect(
                await scenario.api.refusal("ACMPrivateCA.\(operation)", scenario.filled(input))
                    == "InvalidArnException", "\(input)")
        }
    }

    @Test func `a page's token is one that a page had`() async throws {
        let scenario = try await Scenario.copy()
        let token = Scenario.base64("00000000-0000-4000-8000-000000000000")
        for operation in ["ACMPrivateCA.ListCertificateAuthorities", "Signet.ListApprovals"] {
            #expect(
                await scenario.api.refusal(operation, #"{"NextToken": "\#(token)"}"#)
                    == "InvalidNextTokenException", "\(operation)")
        }
    }

    @Test func `the rulebook that is in force when the body is complete decides`() async throws {
        let api = try InMemoryAPI()
        #expect(await api.refusal("Signet.ListTokens") == nil)
        try api.configure(Rules(hasAdministrators: false, digest: "second"))
        let answer = await api.call("Signet.ListTokens", whileReading: { await api.service.reload() })
        guard case .failure(let error) = answer else {
            Issue.record("allowed")
            return
        }
        #expect(error.code == "AccessDeniedException")
    }

    @Test func `a reload is on record before it is in force`() async throws {
        let api = try InMemoryAPI()
        func digest() async throws -> String? {
            try await api.call("Signet.DescribePolicy").get()["Policy"]?["Digest"]?.stringValue
        }
        try api.configure(Rules(digest: "second"))
        api.store.refuseCommits(with: .unavailable(reason: "full"))
        await api.service.reload()
        #expect(try await digest() == "rulebook")
        api.store.refuseCommits(with: nil)
        await api.service.reload()
        #expect(api.events.last == "PolicyReloaded")
        #expect(try await digest() == "second")
        try api.configure(nil)
        await api.service.reload()
        #expect(api.events.last == "PolicyReloadFailed")
        #expect(try await digest() == "second")
    }

    @Test func `a flood of refusals of a user that is no principal is recorded in part`() async throws {
        let api = try InMemoryAPI()
        for _ in 0..<300 {
            #expect(await api.refusal("Signet.ListTokens", as: .unmapped) == "AccessDeniedException")
        }
        // A hundred at once, and then one a second.
        #expect((100..<300).contains(api.events.count))
    }

    @Test func `an input outside the limits of the model is refused`() async throws {
        let scenario = try await Scenario.copy()
        #expect(
            await scenario.api.refusal(
                "ACMPrivateCA.ListTags",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "MaxResults": 0}"#))
                == "ValidationException")
    }

    @Test func `a body has a limit, and a larger one with a chain`() async throws {
        let api = try InMemoryAPI()
        func isTooLarge(_ operation: String, _ octets: Int) async -> Bool {
            await api.refusal(operation, "{}" + String(repeating: " ", count: octets - 2)) == "TooLarge"
        }
        let (most, withChain) = (1024 * 1024, 4 * 1024 * 1024)
        let chained = "ACMPrivateCA.ImportCertificateAuthorityCertificate"
        #expect(await !isTooLarge("Signet.ListTokens", most))
        #expect(await isTooLarge("Signet.ListTokens", most + 1))
        #expect(await !isTooLarge(chained, most + 1))
        #expect(await isTooLarge(chained, withChain + 1))
    }
}
