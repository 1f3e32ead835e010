import Approvals
import AuditLog
import Authorities
import Authorization
import Foundation
import InMemoryStorage
import JSON
import Operations
import Publication
import SoftwareKeys
import Storage
import Testing

/// Requests that operations refuse for other reasons than policies.
struct LimitTests {
    @Test func `an authority has at most 50 tags`() async throws {
        let scenario = try await Scenario.copy()
        func tag(_ numbers: Range<Int>) async -> String? {
            let tags = numbers.map { #"{"Key": "k\#($0)", "Value": "v"}"# }.joined(separator: ", ")
            return await scenario.api.refusal(
                "ACMPrivateCA.TagCertificateAuthority",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "Tags": [\#(tags)]}"#))
        }
        // One exists already.
        #expect(await tag(0..<49) == nil)
        #expect(await tag(49..<50) == "TooManyTagsException")
    }

    @Test func `a page has as many entries as were asked for, and no more`() async throws {
        let scenario = try await Scenario.copy()
        let page = try await scenario.api.call(
            "ACMPrivateCA.ListCertificateAuthorities", #"{"MaxResults": 1}"#
        ).get()
        guard case .array(let list)? = page["CertificateAuthorities"] else {
            Issue.record("no list")
            return
        }
        #expect(list.count == 1)
        #expect(page["NextToken"] != nil)
        let events = try await scenario.api.call("Signet.ListAuditEvents", #"{"MaxResults": 2}"#).get()
        guard case .array(let found)? = events["Events"] else {
            Issue.record("no events")
            return
        }
        #expect(found.count == 2)
    }

    @Test func `a second audit report of an authority waits for half an hour`() async throws {
        let scenario = try await Scenario.copy()
        func report() async -> String? {
            await scenario.api.refusal(
                "ACMPrivateCA.CreateCertificateAuthorityAuditReport", scenario.filled(Scenario.report))
        }
        #expect(await report() == "RequestInProgressException")
        scenario.api.time.advance(30 * 60)
        #expect(await report() == nil)
    }

    @Test func `a principal has at most 100 requests that wait for officers`() async throws {
        let scenario = try await Scenario.copy()
        // One is waiting already.
        for number in 1..<100 {
            let input = scenario.filled(
                #"{"ResourceArn": "$root", "Policy": "\#(String(repeating: " ", count: number))"}"#)
            #expect(
                await scenario.api.refusal("ACMPrivateCA.PutPolicy", input, as: .issuer)
                    == "RequestInProgressException")
        }
        #expect(
            await scenario.api.refusal(
                "ACMPrivateCA.PutPolicy", scenario.filled(Scenario.putPolicy), as: .issuer)
                == "LimitExceededException")
        let another = Scenario.issue.replacing(
            "EndEntityCertificate", with: "SubordinateCACertificate_PathLen0")
        #expect(
            await scenario.api.refusal("ACMPrivateCA.IssueCertificate", scenario.filled(another), as: .issuer)
                == "LimitExceededException")
    }

    @Test func `a request waits for officers for its time, and is kept for its time`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let get = scenario.filled(#"{"Id": "$approval"}"#)
        api.time.advance(72 * 3600 - 1)
        try await api.useCases.approvals.endApprovals.expireOverdue()
        #expect(try await api.call("Signet.GetApproval", get).get()["Approval"]?["Status"] == "PENDING")
        api.time.advance(1)
        try await api.useCases.approvals.endApprovals.expireOverdue()
        #expect(api.events.contains("ApprovalExpired"))
        #expect(
            await api.refusal(
                "Signet.ApproveRequest", scenario.filled(#"{"Id": "$approval", "Digest": "$digest"}"#))
                == "InvalidStateException")
        api.time.advance(90 * 86_400)
        try await api.useCases.approvals.endApprovals.removeEnded()
        #expect(await api.refusal("Signet.GetApproval", get) == nil)
        api.time.advance(1)
        try await api.useCases.approvals.endApprovals.removeEnded()
        #expect(await api.refusal("Signet.GetApproval", get) == "ResourceNotFoundException")
    }

    @Test func `the requester of an approval cannot give it, and an officer gives one`() async throws {
        let scenario = try await Scenario.copy()
        let put = scenario.filled(Scenario.putPolicy)
        #expect(
            await scenario.api.refusal("ACMPrivateCA.PutPolicy", put, as: .issuer)
                == "RequestInProgressException")
        let wrong = scenario.filled(
            #"{"Id": "$approval", "Digest": "\#(String(repeating: "0", count: 64))"}"#)
        #expect(
            await scenario.api.refusal("Signet.ApproveRequest", wrong, as: .officer)
                == "InvalidArgsException")
        let right = scenario.filled(#"{"Id": "$approval", "Digest": "$digest"}"#)
        #expect(
            await scenario.api.refusal("Signet.ApproveRequest", right, as: .issuer)
                == "AccessDeniedException")
        #expect(await scenario.api.refusal("Signet.ApproveRequest", right, as: .officer) == nil)
        #expect(
            await scenario.api.refusal("Signet.ApproveRequest", right, as: .officer)
                == "InvalidStateException")
    }

    @Test func `an approved change of policy is carried out as it was asked for`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let authority = scenario.filled(#"{"ResourceArn": "$root"}"#)
        _ = try await api.call("ACMPrivateCA.DeletePolicy", authority).get()
        let put = scenario.filled(Scenario.putPolicy)
        #expect(
            await api.refusal("ACMPrivateCA.PutPolicy", put, as: .issuer) == "RequestInProgressException")
        let list = try await api.call("Signet.ListApprovals", #"{"MaxResults": 1}"#).get()["Approvals"]
        guard case .array(let waiting)? = list, let id = waiting.first?["Id"]?.stringValue,
            let digest = waiting.first?["Digest"]?.stringValue
        else {
            Issue.record("nothing waits")
            return
        }
        #expect(waiting[0]["Operation"] == "ACMPrivateCA.PutPolicy")
        let record = try #require(try await api.store.approval(id))
        #expect(record.operation.name == "PutPolicy")
        #expect(try JSONValue(parsing: record.operation.input) == JSONValue(parsing: Data(put.utf8)))
        let approved = try await api.call(
            "Signet.ApproveRequest", #"{"Id": "\#(id)", "Digest": "\#(digest)"}"#, as: .officer
        ).get()
        #expect(approved["Approval"]?["Status"] == "COMPLETED")
        #expect(api.events.suffix(3) == ["ApproveRequest", "PutPolicy", "ApprovalOutcome"])
        #expect(
            try await api.value("Policy", of: "ACMPrivateCA.GetPolicy", authority)
                == JSONValue(parsing: Data(put.utf8))["Policy"]?.stringValue)
    }

    @Test func `an approved request in a form that is not known is not carried out`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        var record = try #require(try await api.store.approval(scenario.filled("$approval")))
        record.operation.version += 1
        try await api.store.commit([.updateApproval(record)])
        let approved = try await api.call(
            "Signet.ApproveRequest", scenario.filled(#"{"Id": "$approval", "Digest": "$digest"}"#),
            as: .officer
        ).get()
        #expect(approved["Approval"]?["Status"] == "FAILED")
        #expect(api.events.suffix(2) == ["ApproveRequest", "ApprovalOutcome"])
        #expect(api.custody.messages.isEmpty)
    }

    @Test func `an idempotency token has its answer for five minutes, and for one request`() async throws {
        let scenario = try await Scenario.copy()
        func issue(_ days: Int) -> String {
            scenario.filled(Scenario.issue).replacing(
                #""Validity": {"Type": "DAYS", "Value": 30}"#,
                with: #""IdempotencyToken": "t", "Validity": {"Type": "DAYS", "Value": \#(days)}"#)
        }
        let api = scenario.api
        let operation = "ACMPrivateCA.IssueCertificate"
        let first = try await api.value("CertificateArn", of: operation, issue(30))
        let signatures = api.custody.messages.count
        #expect(try await api.value("CertificateArn", of: operation, issue(30)) == first)
        #expect(api.custody.messages.count == signatures)
        #expect(await api.refusal(operation, issue(31)) == "InvalidArgsException")
        api.time.advance(300)
        #expect(try await api.value("CertificateArn", of: operation, issue(30)) != first)
    }

    @Test func `an authority issues no longer than it lives, nor for its own key`() async throws {
        let scenario = try await Scenario.copy()
        let long = scenario.filled(Scenario.issue).replacing(
            #""Type": "DAYS", "Value": 30"#, with: #""Type": "YEARS", "Value": 11"#)
        #expect(
            await scenario.api.refusal("ACMPrivateCA.IssueCertificate", long) == "ValidationException")
        let csr = try await scenario.api.value(
            "Csr", of: "ACMPrivateCA.GetCertificateAuthorityCsr",
            scenario.filled(#"{"CertificateAuthorityArn": "$second"}"#))
        let own = scenario.filled(Scenario.issue).replacing(
            try #require(scenario.values["csr"]), with: Scenario.base64(csr))
        #expect(await scenario.api.refusal("ACMPrivateCA.IssueCertificate", own) != nil)
    }

    @Test func `a principal is held to its rate`() async throws {
        let api = try InMemoryAPI(Rules(quotas: RequestQuotas(rates: [.listTokens: 1])))
        #expect(await api.refusal("Signet.ListTokens") == nil)
        #expect(await api.refusal("Signet.ListTokens") == "ThrottlingException")
        #expect(await api.refusal("Signet.ListTemplates") == nil)
    }
}
