import Approvals
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

/// Which officers may approve a request, and how the request ends.
@Suite(.timeLimit(.minutes(5)))
struct ApprovalTests {
    private static func holder(needing officers: Int, for action: String = "acm-pca:*") -> JSONValue {
        [
            [
                "Effect": "Allow", "Action": .string(action), "Resource": "*",
                "Condition": ["NumericGreaterThanEquals": ["signet:ApprovalCount": .string("\(officers)")]],
            ],
            ["Effect": "Allow", "Action": "signet:*", "Resource": "*"],
        ]
    }

    /// A scenario in which a user requested a change of a policy that waits for officers.
    private static func waiting(
        _ user: InMemoryAPI.User, _ rules: Rules = Rules(), _ operation: String = "ACMPrivateCA.PutPolicy"
    ) async throws -> Scenario {
        let scenario = try await Scenario.copy { _ in rules }
        #expect(
            await scenario.api.refusal(operation, scenario.filled(Scenario.putPolicy), as: user)
                == "RequestInProgressException")
        return scenario
    }

    /// The status of the newest request after an officer approved it, or the reason that the approval is
    /// refused.
    private static func approve(_ scenario: Scenario, as user: InMemoryAPI.User) async throws -> String {
        let newest = try await scenario.api.store.approvals(nil, after: nil, limit: 1)
        let record = try #require(newest.first)
        let answer = await scenario.api.call(
            "Signet.ApproveRequest", #"{"Id": "\#(record.id)", "Digest": "\#(record.digest)"}"#, as: user)
        switch answer {
        case .success(let output): return output["Approval"]?["Status"]?.stringValue ?? ""
        case .failure(let error): return error.code
        }
    }

    @Test func `two officers are two users, and neither is the requester`() async throws {
        let scenario = try await Self.waiting(.holder, Rules(holder: Self.holder(needing: 2)))
        #expect(try await Self.approve(scenario, as: .holder) == "InvalidArgsException")
        #expect(try await Self.approve(scenario, as: .officer) == "PENDING")
        #expect(try await Self.approve(scenario, as: .officer) == "InvalidArgsException")
        #expect(try await Self.approve(scenario, as: .administrator) == "COMPLETED")
        #expect(scenario.api.events.suffix(3) == ["ApproveRequest", "PutPolicy", "ApprovalOutcome"])
    }

    @Test func `an approval does not count once its officer may not approve`() async throws {
        var rules = Rules(holder: Self.holder(needing: 2))
        let scenario = try await Self.waiting(.holder, rules)
        #expect(try await Self.approve(scenario, as: .officer) == "PENDING")
        (rules.hasOfficers, rules.digest) = (false, "second")
        try scenario.api.configure(rules)
        await scenario.api.service.reload()
        #expect(try await Self.approve(scenario, as: .administrator) == "PENDING")
    }

    @Test func `an approved request whose requester is another principal by now is not carried out`()
        async throws
    {
        let scenario = try await Self.waiting(.issuer)
        try scenario.api.configure(Rules(issuer: "other", digest: "second"))
        await scenario.api.service.reload()
        #expect(try await Self.approve(scenario, as: .officer) == "FAILED")
        #expect(scenario.api.events.suffix(2) == ["ApproveRequest", "ApprovalOutcome"])
    }

    @Test func `an approved request that needs more approvals by now fails, and does not wait again`()
        async throws
    {
        let scenario = try await Self.waiting(.issuer)
        try scenario.api.configure(Rules(issuerNeeds: 2, digest: "second"))
        await scenario.api.service.reload()
        #expect(try await Self.approve(scenario, as: .officer) == "FAILED")
        #expect(try await scenario.api.store.approvals(nil, after: nil, limit: 9).count == 2)
    }

    @Test func `a request with a member that the operation does not read does not wait for officers`()
        async throws
    {
        let scenario = try await Scenario.copy()
        let input = scenario.filled(Scenario.putPolicy).replacing(
            #"{"ResourceArn""#, with: #"{"Comment": "harmless", "ResourceArn""#)
        #expect(
            await scenario.api.refusal("ACMPrivateCA.PutPolicy", input, as: .issuer)
                == "SerializationException")
    }

    @Test func `a request can need up to 9 approvals`() async throws {
        let scenario = try await Self.waiting(.holder, Rules(holder: Self.holder(needing: 9)))
        let newest = try await scenario.api.store.approvals(nil, after: nil, limit: 1)
        #expect(newest.first?.needed == 9)
    }

    @Test func `a caller that may see no request is not told which there are`() async throws {
        let scenario = try await Scenario.copy()
        let unknown = #"{"Id": "00000000-0000-4000-8000-000000000000"}"#
        #expect(
            await scenario.api.refusal("Signet.GetApproval", unknown, as: .outsider)
                == "AccessDeniedException")
        #expect(
            await scenario.api.refusal("Signet.GetApproval", unknown, as: .officer)
                == "ResourceNotFoundException")
    }

    @Test func `a request that waits is kept once, with its event`() async throws {
        let scenario = try await Self.waiting(.issuer)
        let api = scenario.api
        #expect(api.events.suffix(2) == ["ApprovalRequested", "PutPolicy: RequestInProgressException"])
        _ = await api.call("ACMPrivateCA.PutPolicy", scenario.filled(Scenario.putPolicy), as: .issuer)
        #expect(try await api.store.approvals(nil, after: nil, limit: 9).count == 2)
        #expect(api.events.count { $0 == "ApprovalRequested" } == 1)
        let first = try await Self.ask(scenario)
        #expect(try await Self.ask(scenario) == first)
        #expect(try await api.store.approvals(nil, after: nil, limit: 9).count == 3)
    }

    /// Requests a certificate that officers must approve.
    private static func ask(_ scenario: Scenario) async throws -> String {
        let input = scenario.filled(scenario.issue(token: "t")).replacing(
            "EndEntityCertificate", with: "SubordinateCACertificate_PathLen1")
        return try await scenario.api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate", input, as: .issuer)
    }

    /// A waiting request, made without an operation.
    private static func record(_ scenario: Scenario, _ number: Int, content: Int = 1) async throws
        -> ApprovalRecord
    {
        let known = try await scenario.api.store.approval(scenario.filled("$approval"))
        var record = try #require(known)
        (record.id, record.serialNumber) = ("\(number)", nil)
        record.content = Data(count: content)
        return record
    }

    @Test func `the requests of a principal that wait have at most 8 MiB`() async throws {
        let scenario = try await Scenario.copy()
        let record = try await Self.record(scenario, 1, content: 8 * 1024 * 1024 - 4096)
        try await scenario.api.store.commit([
            .insertApproval(record, within: ApprovalLimits(count: .max, octets: .max))
        ])
        let long = scenario.filled(
            #"{"ResourceArn": "$root", "Policy": "\#(String(repeating: " ", count: 4096))"}"#)
        #expect(
            await scenario.api.refusal("ACMPrivateCA.PutPolicy", long, as: .issuer)
                == "LimitExceededException")
    }

    @Test func `a page of requests that wait has as many entries as were asked for`() async throws {
        let scenario = try await Self.waiting(.issuer)
        let page = try await scenario.api.call("Signet.ListApprovals", #"{"MaxResults": 1}"#).get()
        #expect(page["Approvals"]?.count == 1)
        #expect(page["NextToken"] != nil)
    }

    @Test func `a page has 100 entries at most`() async throws {
        let scenario = try await Scenario.copy()
        let known = try await scenario.api.store.certificateAuthorities(after: nil, limit: 1)
        var authority = try #require(known.first)
        authority.subjectPublicKeyInfo = nil
        for number in 0..<101 {
            authority.id = "00000000-0000-4000-8000-000000000\(100 + number)"
            try await scenario.api.store.commit([
                .insertCertificateAuthority(authority),
                .insertApproval(
                    try await Self.record(scenario, number),
                    within: ApprovalLimits(count: .max, octets: .max)),
            ])
        }
        let all = #"{"MaxResults": 1000}"#
        #expect(
            try await scenario.count(
                "CertificateAuthorities", of: "ACMPrivateCA.ListCertificateAuthorities", all)
                == 100)
        #expect(try await scenario.count("Approvals", of: "Signet.ListApprovals", all) == 100)
    }

    @Test func `the certificate of a request that was rejected or expired will not come`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        func get(_ arn: String) async -> String? {
            await api.refusal(
                "ACMPrivateCA.GetCertificate",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "CertificateArn": "\#(arn)"}"#))
        }
        let rejected = try await Self.ask(scenario)
        #expect(await get(rejected) == "RequestInProgressException")
        let record = try #require(try await api.store.approvals(nil, after: nil, limit: 1).first)
        #expect(await api.refusal("Signet.RejectRequest", #"{"Id": "\#(record.id)"}"#, as: .officer) == nil)
        #expect(await get(rejected) == "RequestFailedException")
        // The idempotency token is free again.
        let expired = try await Self.ask(scenario)
        #expect(expired != rejected)
        api.time.advance(72 * 3600)
        #expect(await get(expired) == "RequestFailedException")
        let all = try await api.call("Signet.ListApprovals", #"{"Status": "PENDING"}"#).get()
        #expect(all["Approvals"]?.count == 0)
    }

    @Test func `what officers approved is what is signed, to the byte`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        var record = try #require(try await api.store.approval(scenario.filled("$approval")))
        let input = String(decoding: record.operation.input, as: UTF8.self)
        #expect(input.contains("30"))
        record.operation.input = Data(input.replacing(#""Value":30"#, with: #""Value":31"#).utf8)
        #expect(record.operation.input != Data(input.utf8))
        try await api.store.commit([.updateApproval(record)])
        #expect(try await Self.approve(scenario, as: .officer) == "FAILED")
        #expect(api.custody.messages.isEmpty)
    }
}
