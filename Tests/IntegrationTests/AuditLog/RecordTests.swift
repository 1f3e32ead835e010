import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// The audit log: an event for every request, an intent before every signature, and recovery after a crash.
struct RecordTests {
    @Test func `every request leaves one event with its caller, its operation and its time`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            _ = try await client.call(ListCertificateAuthoritiesOperation.self, .init())
            _ = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: root))
            await #expect(throws: APIClientError.self) {
                try await client.issue("nonsense", by: root)
            }
        }
        let events = try daemon.events()
        let names = events.compactMap { $0["eventName"] as? String }
        #expect(
            names == [
                "GenerateKeyPair", "SignatureIntent", "SignatureOutcome", "CreateCertificateAuthority",
                "GetCertificateAuthorityCsr", "SignatureIntent", "IssueCertificateDetails",
                "IssueCertificate",
                "GetCertificate", "ImportCertificateAuthorityCertificate", "ListCertificateAuthorities",
                "DescribeCertificateAuthority", "IssueCertificate",
            ])
        for event in events where event["eventType"] as? String == "AwsApiCall" {
            let identity = try #require(event["userIdentity"] as? [String: Any])
            #expect(identity["arn"] as? String == Daemon.administrator)
            let additional = try #require(event["additionalEventData"] as? [String: Any])
            let peer = try #require(additional["peer"] as? [String: Any])
            #expect(peer["uid"] as? Int == Int(geteuid()))
            #expect(peer["gid"] as? Int == Int(getegid()))
            #expect(peer["pid"] as? Int == Int(getpid()))
            #expect((event["eventTime"] as? String)?.hasSuffix("Z") == true)
            #expect((event["requestID"] as? String)?.count == 36)
        }
        let issued = try #require(events.first { $0["eventName"] as? String == "IssueCertificateDetails" })
        let details = try #require(issued["serviceEventDetails"] as? [String: Any])
        #expect(details["status"] as? String == "ISSUED")
        #expect(details["templateArn"] as? String == "arn:aws:acm-pca:::template/RootCACertificate/V1")
        #expect(details["requesterArn"] as? String == Daemon.administrator)
    }

    @Test func `the log contains the key evidence, and no file contains the PIN`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        let event = try #require(daemon.events().first { $0["eventName"] as? String == "GenerateKeyPair" })
        let details = try #require(event["serviceEventDetails"] as? [String: Any])
        let evidence = try #require(details["evidence"] as? [String: Any])
        #expect(evidence["verdict"] as? String == "selfReported")
        let attributes = try #require(evidence["attributes"] as? [String: String])
        #expect(attributes["CKA_EXTRACTABLE"] == "FALSE")
        #expect(attributes["CKA_NEVER_EXTRACTABLE"] == "TRUE")
        #expect(attributes["CKA_DECRYPT"] == "FALSE" || attributes["CKA_DECRYPT"] == "unavailable")
        daemon.stop()
        #expect(try !daemon.log().contains(SoftHSM.pin))
        let found = try Command.run("grep", ["-rl", "--", SoftHSM.pin, daemon.directory.path])
        #expect(found.output.split(separator: "\n") == [Substring(daemon.token.pinFile)])
    }

    @Test func `a crash between intent and outcome is found at the next start`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        // The token stops answering, so that the request stays between its intent and its outcome.
        let suspensions = try await daemon.suspendWorkers()
        let csr = try OpenSSLRequest.make()
        let request = Task { try await daemon.client { try await $0.issue(csr, by: root) } }
        func openIntents() throws -> String {
            try Command.output(
                "sqlite3",
                [
                    daemon.directory.path("signet.sqlite"),
                    "SELECT count(*) FROM intent WHERE purpose <> 'CertificateList'",
                ])
        }
        while try openIntents() == "0\n" { try await Task.sleep(for: .milliseconds(20)) }
        daemon.stop(SIGKILL)
        // A worker that is stopped by SIGSTOP cannot notice the death of its daemon.
        for suspension in suspensions { suspension.kill() }
        await #expect(throws: (any Error).self) { try await request.value }

        try daemon.start()
        #expect(try openIntents() == "0\n")
        let outcome = try #require(daemon.events().last)
        let details = try #require(outcome["serviceEventDetails"] as? [String: Any])
        #expect(details["status"] as? String == "UNRESOLVED")
        let serial = try #require(details["serialNumber"] as? String)
        #expect(try daemon.log().contains("an intent had no outcome"))
        try await daemon.client { client in
            let error = await #expect(throws: APIClientError.self) {
                try await client.call(
                    GetCertificateOperation.self,
                    .init(certificateAuthorityArn: root, certificateArn: "\(root)/certificate/\(serial)"))
            }
            #expect(
                error?.description.hasPrefix("RequestFailedException") == true, "\(String(describing: error))"
            )
            _ = try await client.issue(csr, by: root)
        }
    }

    @Test func `an authority that a crash left in creation is FAILED after the next start`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let suspensions = try await daemon.suspendWorkers()
        let request = Task {
            try await daemon.client { client in
                try await client.createAuthority("ROOT", commonName: "R") { $0.idempotencyToken = "once" }
            }
        }
        func creating() throws -> String {
            try Command.output(
                "sqlite3",
                [
                    daemon.directory.path("signet.sqlite"),
                    "SELECT count(*) FROM certificateAuthority WHERE status = 'CREATING'",
                ])
        }
        while try creating() == "0\n" { try await Task.sleep(for: .milliseconds(20)) }
        daemon.stop(SIGKILL)
        for suspension in suspensions { suspension.kill() }
        await #expect(throws: (any Error).self) { try await request.value }

        try daemon.start()
        #expect(try creating() == "0\n")
        #expect(try daemon.events().last?["eventName"] as? String == "CreateCertificateAuthorityOutcome")
        try await daemon.client { client in
            let listed = try await client.call(ListCertificateAuthoritiesOperation.self, .init())
            #expect(listed.certificateAuthorities.map(\.status) == ["FAILED"])
            // The idempotency token of the failed request can be used again.
            let again = try await client.createAuthority("ROOT", commonName: "R") {
                $0.idempotencyToken = "once"
            }
            #expect(again != listed.certificateAuthorities.first?.arn)
        }
    }

    @Test func `a repeated request is not answered before the outcome of the first is recorded`() async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let csr = try OpenSSLRequest.make()
        @Sendable func issue() async throws -> String {
            try await daemon.client { client in
                var input = IssueCertificateOperation.Input(
                    certificateAuthorityArn: root, csr: Blob(csr.utf8), signingAlgorithm: "SHA256WITHECDSA",
                    templateArn: nil, validity: .init(value: 1, type: "DAYS"))
                input.idempotencyToken = "same"
                return try await client.call(IssueCertificateOperation.self, input).certificateArn
            }
        }
        let suspensions = try await daemon.suspendWorkers()
        let first = Task { try await issue() }
        while try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                "SELECT count(*) FROM intent WHERE purpose <> 'CertificateList'",
            ]) == "0\n"
        {
            try await Task.sleep(for: .milliseconds(20))
        }
        let error = await #expect(throws: APIClientError.self) { try await issue() }
        #expect(
            error?.description.hasPrefix("RequestInProgressException") == true, "\(String(describing: error))"
        )
        for suspension in suspensions { suspension.end() }
        let arn = try await first.value
        #expect(try await issue() == arn)
    }

    @Test func `requests that break the model's limits do not fill the log`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let attributes = (0..<20_000).map { _ in #"{"ObjectIdentifier":"x","Value":""}"# }.joined(
            separator: ",")
        let bodies = [
            (
                "DescribeCertificateAuthority",
                #"{"CertificateAuthorityArn":"\#(String(repeating: "a", count: 900_000))"}"#
            ),
            (
                "CreateCertificateAuthority",
                #"{"CertificateAuthorityType":"ROOT","CertificateAuthorityConfiguration":{"KeyAlgorithm":"RSA_2048","#
                    + #""SigningAlgorithm":"SHA256WITHRSA","Subject":{"CustomAttributes":[\#(attributes)]}}}"#
            ),
        ]
        for (operation, body) in bodies {
            let answer = try WireTests.exchange(
                daemon.socketPath, WireTests.post("ACMPrivateCA.\(operation)", body), seconds: 20)
            #expect(answer.contains("ValidationException"), "\(answer.prefix(300))")
            #expect(answer.utf8.count < 10_000)
        }
        let longest = try Command.output(
            "sqlite3", [daemon.directory.path("signet.sqlite"), "SELECT max(length(body)) FROM event"])
        #expect(Int(longest.trimmingCharacters(in: .newlines)) ?? .max < 10_000)
    }

    @Test func `SIGTERM lets requests in progress finish`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let workers = daemon.workers()
        let suspensions = try await daemon.suspendWorkers()
        #expect(suspensions.count == 1)
        let csr = try OpenSSLRequest.make()
        let request = Task {
            try await daemon.client { client in
                try await client.call(
                    IssueCertificateOperation.self,
                    .init(
                        certificateAuthorityArn: root, csr: Blob(csr.utf8),
                        signingAlgorithm: "SHA256WITHECDSA",
                        templateArn: nil, validity: .init(value: 1, type: "DAYS"))
                ).certificateArn
            }
        }
        while try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                "SELECT count(*) FROM intent WHERE purpose <> 'CertificateList'",
            ]) == "0\n"
        {
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(daemon.processIdentifier, SIGTERM)
        try await Task.sleep(for: .milliseconds(200))
        for suspension in suspensions { suspension.end() }
        let arn = try await request.value
        #expect(arn.contains("/certificate/"))
        #expect(daemon.stop(0) == 0)
        let stored = try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                "SELECT count(*) FROM certificate WHERE certificate IS NOT NULL AND serialNumber = '\(arn.suffix(32))'",
            ])
        #expect(stored == "1\n")
        // Neither the worker nor the socket remains.
        #expect(workers.allSatisfy { kill($0, 0) != 0 })
        #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
    }
}
