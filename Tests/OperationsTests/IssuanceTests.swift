import AuditLog
import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import RecordKeeping
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// Certificates that are issued, repetitions, and keys.
@Suite(.timeLimit(.minutes(5)))
struct IssuanceTests {
    private static let issue = "ACMPrivateCA.IssueCertificate"

    @Test func `an authority without a certificate, or with one that expired, issues nothing but its own`()
        async throws
    {
        let scenario = try await Scenario.copy()
        let second = Scenario.issue.replacing("$root", with: "$second")
        #expect(await scenario.api.refusal(Self.issue, scenario.filled(second)) == "InvalidStateException")
        scenario.api.time.advance(11 * 366 * 86_400)
        #expect(
            await scenario.api.refusal(Self.issue, scenario.filled(Scenario.issue)) == "InvalidStateException"
        )
    }

    @Test func `an authority for short-lived certificates issues for seven days at most`() async throws {
        var scenario = try await Scenario.copy()
        try await scenario.addAuthority(
            "short", isActive: true, #""UsageMode": "SHORT_LIVED_CERTIFICATE", "#)
        for (days, refusal) in [(6, nil), (8, "ValidationException")] {
            let input = scenario.issue(token: "\(days)", days: days).replacing("$root", with: "$short")
            #expect(await scenario.api.refusal(Self.issue, scenario.filled(input)) == refusal)
        }
    }

    @Test func `the key of an authority or of the log is not certified for another`() async throws {
        /// A record of another authority with the key of the requested certificates.
        func owner(_ scenario: Scenario) async throws -> CertificateAuthorityRecord {
            let known = try await scenario.api.store.certificateAuthorities(after: nil, limit: 1)
            var record = try #require(known.first)
            let pem = Data(base64Encoded: scenario.filled("$csr")) ?? Data()
            let request = try CertificateSigningRequest(pemEncoded: String(decoding: pem, as: UTF8.self))
            (record.id, record.keyIdentifier) = ("00000000-0000-4000-8000-000000000000", [1, 2, 3])
            record.subjectPublicKeyInfo = try SubjectPublicKey(request.publicKey).derBytes
            return record
        }
        let input = { (scenario: Scenario) in scenario.filled(Scenario.issue) }
        let restored = try await Scenario.copy { _ in
            Rules(holder: [
                [
                    "Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                    "Condition": ["NumericGreaterThanEquals": ["signet:ApprovalCount": "1"]],
                ]
            ])
        }
        try await restored.api.store.commit([.insertCertificateAuthority(owner(restored))])
        for user in [InMemoryAPI.User.administrator, .holder] {
            #expect(
                await restored.api.refusal(Self.issue, input(restored), as: user) == "InvalidArgsException")
        }
        // The keys are read once; keys of authorities that are created later are added.
        let scenario = try await Scenario.copy()
        #expect(await scenario.api.refusal(Self.issue, input(scenario)) == nil)
        try await scenario.api.useCases.recorder.commit([.insertCertificateAuthority(owner(scenario))])
        #expect(await scenario.api.refusal(Self.issue, input(scenario)) == "InvalidArgsException")
    }

    @Test func `an idempotency token belongs to its principal`() async throws {
        let scenario = try await Scenario.copy()
        let input = scenario.filled(scenario.issue(token: "t"))
        let first = try await scenario.api.value("CertificateArn", of: Self.issue, input)
        #expect(
            try await scenario.api.value("CertificateArn", of: Self.issue, input, as: .issuer) != first)
    }

    @Test func `a request whose signature failed can be repeated`() async throws {
        let scenario = try await Scenario.copy()
        let input = scenario.filled(scenario.issue(token: "t"))
        scenario.api.custody.fail(with: .init("unplugged"))
        #expect(await scenario.api.refusal(Self.issue, input) == "InternalFailure")
        scenario.api.custody.fail(with: nil)
        #expect(await scenario.api.refusal(Self.issue, input) == nil)
    }

    @Test func `a repeated request has no answer before the first has its outcome`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let input = scenario.filled(scenario.issue(token: "t"))
        api.custody.whenSigned { api.store.refuseCommits(with: .unavailable(reason: "full")) }
        #expect(await api.refusal(Self.issue, input) == "InternalFailure")
        api.custody.whenSigned {}
        api.store.refuseCommits(with: nil)
        #expect(await api.refusal(Self.issue, input) == "RequestInProgressException")
        #expect(try await api.useCases.resumeRecord())
        // Its serial number stays reserved, and its idempotency token is free.
        #expect(await api.refusal(Self.issue, input) == nil)
    }
}
