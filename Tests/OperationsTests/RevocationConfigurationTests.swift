import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import RecordKeeping
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// UpdateCertificateAuthority, and where certificates say that the CRL is.
@Suite(.timeLimit(.minutes(5)))
struct RevocationConfigurationTests {
    private let fixture: RevocationFixture

    init() async throws { fixture = try await RevocationFixture() }

    @Test func `certificates have the URL that the configuration makes`() async throws {
        func url() async throws -> String? {
            let certificate = try await fixture.certificate(try await fixture.issue())
            let value = certificate.extensions[oid: .X509ExtensionID.cRLDistributionPoints]?.value
            guard let value else { return nil }
            guard
                case .uniformResourceIdentifier(let url)? =
                    try DistributionPoints(derEncoded: value).points.first?.fullName?.first
            else { return "" }
            return url
        }
        func configure(_ members: String) async -> APIError? {
            await fixture.update(#""RevocationConfiguration": {"CrlConfiguration": {\#(members)}}"#)
        }
        #expect(try await url() == nil)
        #expect(await configure(#""Enabled": true, "ExpirationInDays": 3"#) == nil)
        #expect(try await url() == "http://crl.example.test/crl/\(fixture.id).crl")
        #expect(
            await configure(
                #""Enabled": true, "ExpirationInDays": 3, "CustomCname": "x.example.test", "S3BucketName": "crls", "CustomPath": "a/b""#
            )
                == nil)
        #expect(try await url() == "http://x.example.test/a/b/\(fixture.id).crl")
        #expect(await configure(#""Enabled": true, "ExpirationInDays": 3, "S3BucketName": "crls""#) == nil)
        #expect(try await url() == "http://bucket.example.test/crl/\(fixture.id).crl")
        await fixture.publish()
        #expect(
            fixture.api.copies.files["crl/\(fixture.id).crl"]
                == fixture.api.published.files["crl/\(fixture.id).crl"])
        #expect(
            try fixture.list().nextUpdate?.secondsSinceEpoch == Int64(
                fixture.api.time.now.timeIntervalSince1970) + 3 * 86_400
        )
        #expect(
            await configure(
                #""Enabled": true, "ExpirationInDays": 3, "CrlDistributionPointExtensionConfiguration": {"OmitExtension": true}"#
            ) == nil)
        #expect(try await url() == nil)
        #expect(await configure(#""Enabled": false"#) == nil)
        #expect(try await url() == nil)
        let described = try await fixture.api.call(
            "ACMPrivateCA.DescribeCertificateAuthority",
            fixture.scenario.filled(#"{"CertificateAuthorityArn": "$root"}"#)
        ).get()
        #expect(
            described["CertificateAuthority"]?["RevocationConfiguration"]
                == ["CrlConfiguration": ["Enabled": false], "OcspConfiguration": ["Enabled": false]])
    }

    /// Configurations that are refused, with the name of the error.
    static let refused: [(members: String, code: String)] = [
        (#""Enabled": true"#, "InvalidArgsException"),
        (#""Enabled": false, "ExpirationInDays": 7"#, "InvalidArgsException"),
        (#""Enabled": true, "ExpirationInDays": 0"#, "ValidationException"),
        (#""Enabled": true, "ExpirationInDays": 7, "S3BucketName": "nope""#, "ValidationException"),
        (#""Enabled": true, "ExpirationInDays": 7, "CustomCname": "http://x.test""#, "InvalidArgsException"),
        (#""Enabled": true, "ExpirationInDays": 7, "CustomCname": "x.test/a""#, "InvalidArgsException"),
        (#""Enabled": true, "ExpirationInDays": 7, "CustomCname": """#, "InvalidArgsException"),
        (#""Enabled": true, "ExpirationInDays": 7, "CustomCname": "x.te\u0301st""#, "InvalidArgsException"),
        (
            #""Enabled": true, "ExpirationInDays": 7, "S3BucketName": "crls", "CustomPath": "../a""#,
            "InvalidArgsException"
        ),
        (
            #""Enabled": true, "ExpirationInDays": 7, "S3BucketName": "crls", "CustomPath": "crl/x.crl""#,
            "InvalidArgsException"
        ),
        (
            #""Enabled": true, "ExpirationInDays": 7, "CustomCname": "x.test", "CustomPath": "a""#,
            "InvalidArgsException"
        ),
        (
            #""Enabled": true, "ExpirationInDays": 7, "CrlType": "PARTITIONED", "CrlDistributionPointExtensionConfiguration": {"OmitExtension": true}"#,
            "InvalidArgsException"
        ),
        (
            #""Enabled": true, "ExpirationInDays": 7, "CustomCname": "x.test", "CrlDistributionPointExtensionConfiguration": {"OmitExtension": true}"#,
            "InvalidArgsException"
        ),
    ]

    @Test(arguments: refused.indices)
    func `a configuration that cannot work is refused, and changes nothing`(_ index: Int) async throws {
        let (members, code) = Self.refused[index]
        let error = await fixture.update(#""RevocationConfiguration": {"CrlConfiguration": {\#(members)}}"#)
        #expect(error?.code == code, "\(members): \(String(describing: error))")
        #expect(
            try await fixture.api.store.certificateAuthority(fixture.id)?.revocation
                == RevocationConfiguration())
        if members.contains("nope") {
            #expect(error?.message.hasSuffix("Check your S3 bucket permissions and try again") == true)
        }
    }

    @Test func `an authority that is not active takes a configuration, and no status`() async throws {
        let configuration =
            #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 9}}"#
        #expect(await fixture.update(configuration, of: "$second") == nil)
        let refusal = await fixture.update(#""Status": "DISABLED""#, of: "$second")
        #expect(refusal?.code == "InvalidStateException")
        #expect(
            refusal?.message
                == "The certificate authority must be in the ACTIVE or DISABLED state to be updated")
        #expect(await fixture.update(#""Status": "EXPIRED""#)?.code == "InvalidArgsException")
        #expect(await fixture.update(#""Status": "LOST""#)?.code == "ValidationException")
        let second = String(fixture.scenario.filled("$second").suffix(36))
        #expect(
            try await fixture.api.store.certificateAuthority(second)?.revocation.certificateLists?
                .expirationInDays
                == 9)
    }

    @Test func `a part that is absent stays as it is`() async throws {
        let lists = #""CrlConfiguration": {"Enabled": true, "ExpirationInDays": 9}"#
        let ocsp = #""OcspConfiguration": {"Enabled": false}"#
        #expect(await fixture.update(#""RevocationConfiguration": {\#(lists), \#(ocsp)}"#) == nil)
        for members in [#""RevocationConfiguration": {\#(ocsp)}"#, #""RevocationConfiguration": {}"#] {
            #expect(await fixture.update(members) == nil)
            let kept = try await fixture.api.store.certificateAuthority(fixture.id)?.revocation
            #expect(kept?.certificateLists?.expirationInDays == 9, "\(members)")
        }
        // And the same for the other part.
        let enable = #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true}}"#
        #expect(await fixture.update(enable) == nil)
        let disable = #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": false}}"#
        #expect(await fixture.update(disable) == nil)
        let kept = try await fixture.api.store.certificateAuthority(fixture.id)?.revocation
        #expect(kept == RevocationConfiguration(status: .init()))
    }

    @Test func `an authority that has expired takes no configuration`() async throws {
        fixture.api.time.advance(11 * 366 * 86_400)
        let configuration =
            #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 9}}"#
        #expect(await fixture.update(configuration)?.code == "InvalidStateException")
        #expect(await fixture.update(#""Status": "DISABLED""#)?.code == "InvalidStateException")
        #expect(await fixture.revoke("$serial")?.code == "InvalidStateException")
        let before = fixture.api.events.count
        await fixture.publish()
        #expect(fixture.api.events.count == before, "an authority that has expired has no new CRL")
    }

    @Test func `without a URL a configuration needs a host or a bucket`() async throws {
        let api = try InMemoryAPI(like: fixture.scenario.api, hasListURL: false)
        func update(_ members: String) async -> String? {
            await api.refusal(
                "ACMPrivateCA.UpdateCertificateAuthority",
                fixture.scenario.filled(
                    #"{"CertificateAuthorityArn": "$root", "RevocationConfiguration": {"CrlConfiguration": {\#(members)}}}"#
                ))
        }
        #expect(await update(#""Enabled": true, "ExpirationInDays": 9"#) == "InvalidArgsException")
        for more in [
            #""CustomCname": "a.test""#, #""S3BucketName": "crls""#,
            #""CrlDistributionPointExtensionConfiguration": {"OmitExtension": true}"#,
        ] { #expect(await update(#""Enabled": true, "ExpirationInDays": 9, \#(more)"#) == nil) }
    }

    @Test func `an audit report says what was revoked, when and why`() async throws {
        #expect(await fixture.revoke("$serial", reason: "SUPERSEDED") == nil)
        let making = Task { await fixture.api.useCases.publication.makeAuditReports() }
        defer { making.cancel() }
        fixture.api.time.advance(3600)
        let key = try await fixture.api.value(
            "S3Key", of: "ACMPrivateCA.CreateCertificateAuthorityAuditReport",
            fixture.scenario.filled(Scenario.report))
        // The time limit of the suite ends the wait if the report is never made.
        while fixture.api.buckets.text(key) == nil { try await Task.sleep(for: .milliseconds(2)) }
        let text = fixture.api.buckets.text(key)
        let report = try JSONValue(parsing: Data(try #require(text).utf8))
        guard case .array(let entries) = report else {
            Issue.record("\(report)")
            return
        }
        let revoked = entries.filter { $0["revokedAt"] != nil }
        #expect(revoked.map { $0["revocationReason"] } == ["SUPERSEDED"])
        #expect(
            revoked.first?["serial"]?.stringValue?.replacing(":", with: "")
                == fixture.scenario.filled("$serial"))
    }
}
