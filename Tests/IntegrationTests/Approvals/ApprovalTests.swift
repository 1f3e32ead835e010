import Foundation
import TestSupport
import Testing

/// Requests that officers must approve. These tests need root because they act as several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct ApprovalTests {
    static let policies = [
        "issuer.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Sid": "Leaves", "Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringNotLike": {"acm-pca:TemplateArn": "*CACertificate*"}}},
            {"Sid": "Authorities", "Effect": "Allow", "Action": ["acm-pca:IssueCertificate", "acm-pca:PutPolicy"], "Resource": "*",
             "Condition": {"NumericGreaterThanEquals": {"signet:ApprovalCount": "2"}}},
            {"Sid": "Read", "Effect": "Allow", "Action": ["acm-pca:Get*", "acm-pca:Describe*", "signet:GetApproval", "signet:ListApprovals"], "Resource": "*"}]}
        """,
        "officer.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "signet:*Approv*", "Resource": "*"},
            {"Effect": "Allow", "Action": ["signet:ApproveRequest", "signet:RejectRequest"], "Resource": "*"}]}
        """,
    ]
    static let principals = """
          - {uid: 0, arn: "arn:aws:iam::000000000000:role/administrator", policies: [administrator.json]}
          - {uid: 65001, arn: "arn:aws:iam::000000000000:role/issuer", policies: [issuer.json, officer.json]}
          - {uid: 65011, arn: "arn:aws:iam::000000000000:role/anna", policies: [officer.json]}
          - {uid: 65012, arn: "arn:aws:iam::000000000000:role/bo", policies: [officer.json]}
          - {uid: 65013, arn: "arn:aws:iam::000000000000:role/clerk", policies: [issuer.json]}
        """

    /// A daemon with a root, and a subordinate's CSR.
    private struct Fixture {
        let daemon: Daemon
        let root: String
        let ask: [String]

        init(approvalHours: Int = 72) async throws {
            let daemon = try Daemon(
                principals: ApprovalTests.principals, policies: ApprovalTests.policies)
            try daemon.extend("approval-hours: \(approvalHours)")
            try daemon.start()
            let root = try await daemon.client { try await $0.activeRoot() }
            try daemon.directory.write("a.csr", try OpenSSLRequest.make())
            self.daemon = daemon
            self.root = root
            ask = [
                "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
                "--template", "SubordinateCACertificate_PathLen0/V1", "--no-wait",
            ]
        }

        func signet(_ uid: Int, _ arguments: [String]) throws -> Command {
            try daemon.signet(arguments, uid: uid, gid: uid)
        }

        /// Requests a certificate that needs approval, and returns its ARN and the approval request.
        func request() throws -> (arn: String, approval: [String: Any]) {
            let asked = try signet(65001, ask)
            try #require(asked.status == 0, "\(asked.errors)")
            let arn = asked.output.trimmingCharacters(in: .whitespacesAndNewlines)
            return (arn, try #require(try approvals().first { $0["CertificateArn"] as? String == arn }))
        }

        func approvals(_ more: [String] = []) throws -> [[String: Any]] {
            let output = try signet(65011, ["approval", "list", "--json"] + more).output
            let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
            return try #require(object?["Approvals"] as? [[String: Any]])
        }

        func get(_ arn: String) throws -> Command { try signet(65001, ["certificate", "get", arn]) }

        func events() throws -> [String] {
            try daemon.events().compactMap { $0["eventName"] as? String }
        }
    }

    @Test func `the daemon signs exactly what two officers approved`() async throws {
        let fixture = try await Fixture()
        let (arn, approval) = try fixture.request()
        let id = try #require(approval["Id"] as? String)
        let digest = try #require(approval["Digest"] as? String)
        let waiting = try fixture.get(arn)
        #expect(waiting.errors.contains("RequestInProgressException"), "\(waiting.errors)")
        #expect(
            waiting.errors.contains("waits for the approval of 2 officers: request \(id)"),
            "\(waiting.errors)")

        let tbs = fixture.daemon.directory.path("shared/tbs")
        try FileManager.default.createDirectory(
            atPath: fixture.daemon.directory.path("shared"), withIntermediateDirectories: true)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777], ofItemAtPath: fixture.daemon.directory.path("shared"))
        let shown = try fixture.signet(65011, ["approval", "show", id, "--content", tbs])
        for text in [digest, "role/issuer", "CA:TRUE", "0 of 2", "PENDING"] {
            #expect(shown.output.contains(text), "\(shown.output)\(shown.errors)")
        }
        // OpenSSL, not Signet, says what is to be approved.
        #expect(try Command.output("sha256sum", [tbs]).hasPrefix(digest))
        #expect(
            try Command.output("openssl", ["asn1parse", "-inform", "DER", "-in", tbs])
                .contains("X509v3 Basic Constraints"))

        func approve(_ uid: Int, _ digest: String) throws -> Command {
            try fixture.signet(uid, ["approval", "approve", id, "--digest", digest])
        }
        let own = try approve(65001, digest)
        #expect(
            own.status == 1
                && own.errors.contains("the principal and user that made a request cannot approve it"),
            "\(own.errors)")
        let clerk = try approve(65013, digest)
        #expect(
            clerk.errors.contains("is not authorized to perform: signet:ApproveRequest"), "\(clerk.errors)")
        let other = try approve(65011, String(repeating: "0", count: 64))
        #expect(other.errors.contains("the digest is not that of the request"), "\(other.errors)")
        let first = try approve(65011, digest)
        #expect(first.output == "approved: 1 of 2\n", "\(first.errors)")
        let again = try approve(65011, digest)
        #expect(again.errors.contains("you have approved it already"), "\(again.errors)")
        #expect(try fixture.get(arn).errors.contains("RequestInProgressException"))
        let second = try approve(65012, digest)
        #expect(second.output == "approved, and carried out: \(arn)\n", "\(second.output)\(second.errors)")
        let late = try approve(0, digest)
        #expect(late.errors.contains("waits no longer: it is COMPLETED"), "\(late.errors)")

        let issued = try fixture.get(arn)
        try #require(issued.status == 0, "\(issued.errors)")
        try fixture.daemon.directory.write("issued.pem", issued.output)
        let script = """
            import sys
            from cryptography import x509
            certificate = x509.load_pem_x509_certificate(open(sys.argv[1], "rb").read())
            assert certificate.tbs_certificate_bytes == open(sys.argv[2], "rb").read()
            """
        let same = try Command.run(
            Products.python, ["-c", script, fixture.daemon.directory.path("issued.pem"), tbs])
        #expect(same.status == 0, "what was approved is what was signed: \(same.errors)")
        #expect(try fixture.approvals().isEmpty)
        #expect(try fixture.approvals(["--all"]).first?["Status"] as? String == "COMPLETED")

        // Every step is an event, and the last event names the requester.
        let events = try fixture.daemon.events()
        let approvals = events.filter { $0["eventName"] as? String == "ApproveRequest" }
        #expect(approvals.count == 7)
        #expect(approvals.filter { $0["errorCode"] == nil }.count == 2)
        let details = try #require(events.last { $0["eventName"] as? String == "IssueCertificateDetails" })
        let members = try #require(details["serviceEventDetails"] as? [String: Any])
        #expect(members["requesterArn"] as? String == "arn:aws:iam::000000000000:role/issuer")
        let carriedOut = try #require(events.last { $0["eventName"] as? String == "IssueCertificate" })
        let additional = carriedOut["additionalEventData"] as? [String: Any]
        #expect(additional?["approvalRequestID"] as? String == id)
        let outcome = try #require(events.last { $0["eventName"] as? String == "ApprovalOutcome" })
        let end = outcome["serviceEventDetails"] as? [String: Any]
        #expect(end?["requestID"] as? String == carriedOut["requestID"] as? String)
        #expect(end?["status"] as? String == "COMPLETED")
        let asked = try #require(
            events.first { ($0["responseElements"] as? [String: Any])?["approvalRequest"] != nil })
        let request = (asked["responseElements"] as? [String: Any])?["approvalRequest"] as? [String: Any]
        #expect(request?["digest"] as? String == digest)
    }

    @Test func `a leaf certificate needs no approval, and a rejected request is final`() async throws {
        let fixture = try await Fixture()
        let leaf = try fixture.signet(
            65001,
            fixture.ask.filter { !["--template", "SubordinateCACertificate_PathLen0/V1"].contains($0) })
        #expect(leaf.status == 0, "\(leaf.errors)")
        let (arn, approval) = try fixture.request()
        let id = try #require(approval["Id"] as? String)
        let rejected = try fixture.signet(65012, ["approval", "reject", id, "--reason", "not now"])
        #expect(
            rejected.output.contains("rejected by arn:aws:iam::000000000000:role/bo: not now"),
            "\(rejected.errors)")
        let get = try fixture.get(arn)
        #expect(
            get.errors.contains("RequestFailedException") && get.errors.contains("not now"), "\(get.errors)")
        let approve = try fixture.signet(
            65011, ["approval", "approve", id, "--digest", approval["Digest"] as? String ?? ""])
        #expect(approve.errors.contains("waits no longer: it is REJECTED"), "\(approve.errors)")
        let unknown = try fixture.signet(
            65011, ["approval", "show", "00000000-0000-0000-0000-000000000000"])
        #expect(unknown.errors.contains("ResourceNotFoundException"), "\(unknown.errors)")
        #expect(try fixture.events().contains("RejectRequest"))
    }

    @Test func `a change of policy waits for approval too, and only once`() async throws {
        let fixture = try await Fixture()
        let policy = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"},
             "Action": "acm-pca:GetCertificate", "Resource": "\(fixture.root)"}}
            """
        let file = fixture.daemon.directory.path("p.json")
        try fixture.daemon.directory.write("p.json", policy)
        let put = ["ca", "policy", "put", fixture.root, file]
        for _ in 0..<2 {
            let asked = try fixture.signet(65001, put)
            #expect(
                asked.errors.contains("RequestInProgressException")
                    && asked.errors.contains("waits for the approval of 2 officers"), "\(asked.errors)")
        }
        let pending = try fixture.approvals()
        #expect(pending.count == 1)
        let id = try #require(pending.first?["Id"] as? String)
        let digest = try #require(pending.first?["Digest"] as? String)
        let shown = try fixture.signet(65011, ["approval", "show", id])
        #expect(shown.output.contains("111122223333"), "\(shown.output)\(shown.errors)")
        let none = try fixture.signet(65001, ["ca", "policy", "get", fixture.root])
        #expect(none.errors.contains("Could not find policy"))
        for uid in [65011, 65012] {
            try fixture.signet(uid, ["approval", "approve", id, "--digest", digest]).require()
        }
        let inForce = try fixture.signet(65001, ["ca", "policy", "get", fixture.root])
        #expect(inForce.output.contains("111122223333"), "\(inForce.errors)")
        #expect(try fixture.events().contains("ApprovalRequested"))
    }

    @Test func `an approved request that can no longer be carried out as approved is not carried out`()
        async throws
    {
        let fixture = try await Fixture()
        let (arn, approval) = try fixture.request()
        let id = try #require(approval["Id"] as? String)
        let digest = try #require(approval["Digest"] as? String)
        try fixture.signet(65011, ["approval", "approve", id, "--digest", digest]).require()
        fixture.daemon.stop()
        try fixture.daemon.extend("issuance: {backdate-minutes: 7}")
        try fixture.daemon.start()
        let second = try fixture.signet(65012, ["approval", "approve", id, "--digest", digest])
        #expect(second.status == 1)
        #expect(
            second.output.contains("what officers approved cannot be made any more"),
            "\(second.output)\(second.errors)")
        let get = try fixture.get(arn)
        #expect(get.errors.contains("RequestFailedException"), "\(get.errors)")
    }

    @Test func `requests expire, and a crash after the last approval issues nothing`() async throws {
        let fixture = try await Fixture()
        let (expiring, _) = try fixture.request()
        let (interrupted, _) = try fixture.request()
        fixture.daemon.stop(SIGKILL)
        let database = fixture.daemon.directory.path("signet.sqlite")
        func serial(_ arn: String) -> String { String(arn.suffix(32)) }
        try Command.output(
            "sqlite3",
            [
                database,
                """
                UPDATE approval SET expiresAt = 1 WHERE serialNumber = '\(serial(expiring))';
                UPDATE approval SET status = 'APPROVED' WHERE serialNumber = '\(serial(interrupted))';
                """,
            ])
        try fixture.daemon.start()
        let expired = try fixture.get(expiring)
        #expect(
            expired.errors.contains("RequestFailedException")
                && expired.errors.contains("not approved in time"),
            "\(expired.errors)")
        let crashed = try fixture.get(interrupted)
        #expect(crashed.errors.contains("the daemon stopped before it was carried out"), "\(crashed.errors)")
        let events = try fixture.events()
        #expect(events.contains("ApprovalExpired") && events.contains("ApprovalOutcome"))
        #expect(try fixture.approvals().isEmpty)
    }
}
