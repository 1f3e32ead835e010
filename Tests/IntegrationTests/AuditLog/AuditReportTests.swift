import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Audit reports of a real daemon.
struct AuditReportTests {
    /// A daemon with two buckets: `reports`, and `blocked`, where a file stands in place of a directory.
    private static func daemon(
        minimumInterval: Int?, principals: String? = nil, policies: [String: String] = [:]
    ) throws -> Daemon {
        let daemon = try Daemon(principals: principals, policies: policies)
        for name in ["reports", "blocked"] {
            try FileManager.default.createDirectory(
                atPath: daemon.directory.path(name), withIntermediateDirectories: false)
        }
        try daemon.directory.write("blocked/audit-report", "in the way")
        try daemon.extend(
            """
            audit-reports:
              buckets:
                reports: \(daemon.directory.path("reports"))
                blocked: \(daemon.directory.path("blocked"))
            \(minimumInterval.map { "  minimum-interval-minutes: \($0)" } ?? "")
            """)
        return daemon
    }

    private static func outcomes(_ daemon: Daemon) throws -> [[String: Any]] {
        try daemon.events().filter { $0["eventName"] as? String == "AuditReportOutcome" }.compactMap {
            $0["serviceEventDetails"] as? [String: Any]
        }
    }

    private static func create(
        _ client: SignetClient, _ authority: String, _ format: String = "JSON"
    ) async throws -> CreateCertificateAuthorityAuditReportOperation.Output {
        try await client.call(
            CreateCertificateAuthorityAuditReportOperation.self,
            .init(
                certificateAuthorityArn: authority, s3BucketName: "reports", auditReportResponseFormat: format
            ))
    }

    private static func status(_ client: SignetClient, _ authority: String, _ id: String) async throws
        -> String
    {
        try await client.call(
            DescribeCertificateAuthorityAuditReportOperation.self,
            .init(certificateAuthorityArn: authority, auditReportId: id)
        ).auditReportStatus
    }

    @Test func `boto3 and Python read the issued certificates in a report, and bad requests make no report`()
        async throws
    {
        let daemon = try Self.daemon(minimumInterval: 0)
        try daemon.start()
        let place = daemon.directory
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let other = try await client.activeRoot()
            let pending = try await client.createAuthority("SUBORDINATE", commonName: "Pending")
            let subjects = [
                "/C=US/ST=Washington/L=Seattle/O=Example Company/OU=Sales/CN=www.example1.com",
                "/CN=Sue, \"Grabbit\" und Rünn=x/serialNumber=0123", "/",
            ]
            for (index, subject) in subjects.enumerated() {
                let directory = try TemporaryDirectory()
                try place.write(
                    "\(index).csr",
                    try Command.output(
                        "openssl",
                        [
                            "req", "-new", "-utf8", "-nodes", "-keyout", directory.path("key"), "-subj",
                            subject,
                            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-addext",
                            "subjectAltName=\(index == 2 ? "critical," : "")DNS:a.example.com",
                        ]))
            }
            let script = "\(Products.root)/Tests/IntegrationTests/Python/audit_reports.py"
            let result = try Command.run(
                Products.python,
                [script, daemon.socketPath, root, other, pending, place.path("reports")]
                    + subjects.indices.map { place.path("\($0).csr") })
            #expect(result.status == 0, "\(result.output)\(result.errors)")

            let facts = result.output.split(whereSeparator: \.isWhitespace).map(String.init)
            let outcomes = try Self.outcomes(daemon)
            #expect(outcomes.map { $0["status"] as? String } == ["SUCCESS", "SUCCESS", "FAILED"])
            #expect(outcomes.first?["auditReportId"] as? String == facts.first)
            #expect((outcomes.first?["certificates"] as? Int).map(String.init) == facts.dropFirst().first)
            #expect(outcomes.first?["sha256"] as? String == facts.last)
            #expect(outcomes.last?["statusReason"] as? String == "a file is in the way")
            #expect(try daemon.log().contains("an audit report was not made"))
            let calls = try daemon.events().filter {
                $0["eventName"] as? String == "CreateCertificateAuthorityAuditReport"
                    && $0["errorCode"] == nil
            }
            #expect(calls.count == 3)
            let answer = calls.first?["responseElements"] as? [String: Any]
            #expect(answer?["auditReportId"] as? String == facts.first)
        }
    }

    @Test func `a second report within the interval is refused, but not after a failed one`() async throws {
        let daemon = try Self.daemon(minimumInterval: nil)
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let other = try await client.activeRoot()
            let failed = try daemon.signet([
                "ca", "audit-report", "--ca", root, "--bucket", "blocked", "--wait",
            ])
            #expect(failed.status == 1)
            #expect(
                failed.errors.contains("is FAILED") && failed.errors.contains("hint: "), "\(failed.errors)")
            // Of many simultaneous requests, one makes a report.
            let made = await withTaskGroup(of: String.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do { return try await Self.create(client, root).auditReportId } catch {
                            return "\(error)"
                        }
                    }
                }
                return await group.reduce(into: [String]()) { $0.append($1) }
            }
            let refused = made.filter { $0.hasPrefix("RequestInProgressException: ") }
            #expect(
                refused.count == 7 && refused.allSatisfy { $0.contains("within the last 30 minutes") },
                "\(made)")
            // Another authority has its own interval.
            _ = try await Self.create(client, other)
        }
    }

    @Test func `the command line waits for the report and prints its path`() async throws {
        let daemon = try Self.daemon(minimumInterval: 0)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let report = ["ca", "audit-report", "--ca", root, "--bucket", "reports"]
        let made = try daemon.signet(report + ["--format", "csv", "--wait"])
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.errors == "")
        let key = made.output.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        #expect(try daemon.directory.text("reports/\(key)").contains("RootCACertificate/V1"))
        let json = try daemon.signet(report + ["--wait", "--json"])
        #expect(json.output.contains("\"AuditReportStatus\" : \"SUCCESS\""), "\(json.output)\(json.errors)")
        let begun = try daemon.signet(report)
        #expect(begun.output.contains("CREATING  reports  audit-report/"), "\(begun.output)\(begun.errors)")
        let unknown = try daemon.signet(["ca", "audit-report", "--ca", root, "--bucket", "nowhere"])
        #expect(unknown.errors.contains("ResourceNotFoundException"), "\(unknown.errors)")
        #expect(
            try daemon.signet(["ca", "audit-report", "--help"]).output.contains(
                "--bucket reports --format csv"))
    }

    @Test func `a daemon without buckets answers that there are none`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let result = try daemon.signet(["ca", "audit-report", "--ca", root, "--bucket", "reports"])
        #expect(result.errors.contains("There is no bucket reports"), "\(result.errors)")
    }

    @Test(.enabled(if: geteuid() == 0, "a second user needs root"))
    func `a caller without permission gets no report and learns nothing about one`() async throws {
        let daemon = try Self.daemon(
            minimumInterval: 0,
            principals: """
                  - {uid: 0, arn: "arn:aws:iam::000000000000:role/administrator", policies: [administrator.json]}
                  - {uid: 65001, arn: "arn:aws:iam::000000000000:role/issuer", policies: [issuer.json]}
                """,
            policies: [
                "issuer.json":
                    #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*"}}"#
            ])
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let result = try daemon.signet(
            ["ca", "audit-report", "--ca", root, "--bucket", "nowhere"], uid: 65001, gid: 65001)
        #expect(result.status == 77)
        #expect(
            result.errors.contains(
                "because no identity-based policy allows the acm-pca:CreateCertificateAuthorityAuditReport"),
            "\(result.errors)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path("reports"))
        #expect(kept == [])
    }

    @Test func `a report that a killed daemon left unfinished is FAILED, and no file of it remains`()
        async throws
    {
        let daemon = try Self.daemon(minimumInterval: nil)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        daemon.stop(SIGKILL)
        let authority = String(root.split(separator: "/").last ?? "")
        let id = "11111111-2222-3333-4444-555555555555"
        let key = "audit-report/\(authority)/\(id).json"
        try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                "INSERT INTO auditReport VALUES ('\(id)', '\(authority)', 'reports', '\(key)', 'CREATING', unixepoch())",
            ])
        try FileManager.default.createDirectory(
            atPath: daemon.directory.path("reports/audit-report/\(authority)"),
            withIntermediateDirectories: true)
        let left = "reports/audit-report/\(authority)/.\(id).json.unfinished"
        try daemon.directory.write(left, "[")
        try daemon.start()
        try await daemon.client { client in
            #expect(try await Self.status(client, root, id) == "FAILED")
            #expect(!FileManager.default.fileExists(atPath: daemon.directory.path(left)))
            #expect(
                try Self.outcomes(daemon).last?["statusReason"] as? String
                    == "the daemon stopped before the report was made")
            // A failed report does not start the interval: the next one is made at once.
            _ = try await Self.create(client, root)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a small disk needs root"))
    func `on a full disk the report is FAILED, and no file of it remains`() async throws {
        let daemon = try Self.daemon(minimumInterval: 0)
        // A file system of one page, mounted where other processes do not see it.
        let disk = daemon.directory.path("reports")
        try daemon.start(wrappedIn: [
            "unshare", "--mount", "sh", "-c",
            "mount -t tmpfs -o size=4k,mode=755 tmpfs \(disk) && exec \"$@\"", "sh",
        ])
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let csr = try OpenSSLRequest.make()
            let small = try await Self.create(client, root)
            for _ in 0..<12 { _ = try await client.issue(csr, by: root) }
            let big = try await Self.create(client, root)
            let limit = ContinuousClock.now + .seconds(20)
            while try Self.outcomes(daemon).count < 2, ContinuousClock.now < limit {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await Self.status(client, root, small.auditReportId) == "SUCCESS")
            #expect(try await Self.status(client, root, big.auditReportId) == "FAILED")
            #expect(
                try Self.outcomes(daemon).last?["statusReason"] as? String == "no space is left on the device"
            )
            let files = try Command.output(
                "find", ["/proc/\(daemon.processIdentifier)/root\(disk)", "-type", "f", "-printf", "%f\n"])
            #expect(files == "\(small.auditReportId).json\n")
        }
    }

    /// Copies of the root's certificate, as if issued one after the other, some of them in the same second.
    private static func multiply(_ count: Int, _ root: String, _ daemon: Daemon) throws {
        let authority = String(root.split(separator: "/").last ?? "")
        try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO certificate (serialNumber, certificateAuthority, certificate, templateARN, requester,
                    requestedAt, notAfter, issuedAt)
                SELECT printf('%032x', i * 7919), certificateAuthority, certificate, 't', requester, requestedAt, notAfter,
                    issuedAt + i / 3
                FROM n, certificate WHERE certificateAuthority = '\(authority)';
                """,
            ])
    }

    @Test func `a report contains more certificates than one read returns`() async throws {
        let daemon = try Self.daemon(minimumInterval: 0)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try Self.multiply(1234, root, daemon)
        try daemon.signet(["ca", "audit-report", "--ca", root, "--bucket", "reports", "--wait"]).require()
        let made = try Self.outcomes(daemon).last
        #expect(made?["certificates"] as? Int == 1235)
        let text = try daemon.directory.text("reports/\(made?["s3Key"] as? String ?? "")")
        let entries = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: String]] ?? []
        let times = entries.compactMap { $0["issuedAt"] }
        #expect(times.count == 1235 && times == times.sorted())
        #expect(Set(entries.compactMap { $0["serial"] }).count == 1235)
    }

    @Test func `a report that is interrupted by the daemon's stop is FAILED, and no file of it remains`()
        async throws
    {
        let daemon = try Self.daemon(minimumInterval: nil)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try Self.multiply(100_000, root, daemon)
        let report = try await daemon.client { try await Self.create($0, root) }
        #expect(daemon.stop() == 0)
        #expect(
            try Self.outcomes(daemon).last?["statusReason"] as? String
                == "the daemon stopped before the report was made")
        let files = try Command.output("find", [daemon.directory.path("reports"), "-type", "f"])
        #expect(files == "")
        try daemon.start()
        let status = try await daemon.client { try await Self.status($0, root, report.auditReportId) }
        #expect(status == "FAILED")
        #expect(try Self.outcomes(daemon).count == 1)
    }
}
