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

/// Revocation, and the CRLs that follow.
@Suite(.timeLimit(.minutes(5)))
struct RevocationTests {
    private let scenario: Scenario
    private var api: InMemoryAPI { scenario.api }
    private let id: String

    init() async throws {
        scenario = try await .copy()
        id = String(scenario.filled("$root").suffix(36))
    }

    private func revoke(
        _ serial: String, reason: String = "KEY_COMPROMISE", of authority: String = "$root"
    ) async -> APIError? {
        let input = scenario.filled(
            #"{"CertificateAuthorityArn": "\#(authority)", "CertificateSerial": "\#(serial)", "RevocationReason": "\#(reason)"}"#
        )
        guard case .failure(let error) = await api.call("ACMPrivateCA.RevokeCertificate", input) else {
            return nil
        }
        return error
    }

    private func update(_ members: String, of authority: String = "$root") async -> APIError? {
        let input = scenario.filled(#"{"CertificateAuthorityArn": "\#(authority)", \#(members)}"#)
        guard case .failure(let error) = await api.call("ACMPrivateCA.UpdateCertificateAuthority", input)
        else { return nil }
        return error
    }

    private func issue(days: Int = 30, _ template: String? = nil) async throws -> String {
        var input = Scenario.issue.replacing(#""Value": 30"#, with: #""Value": \#(days)"#)
        if let template { input = input.replacing("EndEntityCertificate", with: template) }
        return try await api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate", scenario.filled(input))
    }

    private func certificate(_ arn: String) async throws -> Certificate {
        let text = try await api.value(
            "Certificate", of: "ACMPrivateCA.GetCertificate",
            scenario.filled(#"{"CertificateAuthorityArn": "$root", "CertificateArn": "\#(arn)"}"#))
        return try Certificate(pemEncoded: text)
    }

    private func publish() async { _ = await api.useCases.publication.publishCertificateLists() }

    private func list() throws -> CertificateList {
        try CertificateList(derEncoded: try #require(api.published.files["crl/\(id).crl"]))
    }

    private func serials(_ list: CertificateList) -> [String] {
        var serials: [String] = []
        list.forEachEntry { entry in
            serials.append(
                entry.serialNumber.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
        }
        return serials
    }

    private func number(_ list: CertificateList) -> UInt64 {
        (list.number ?? []).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A serial number in the forms that clients send.
    static let forms: [@Sendable (String) -> String] = [
        { $0 }, { $0.uppercased() }, { String($0.drop { $0 == "0" }) }, { "000" + $0 },
        { serial in
            stride(from: 0, to: 32, by: 2).map { String(Array(serial)[$0..<$0 + 2]) }.joined(separator: ":")
        },
        { serial in
            // Colons from the left, with a short last group.
            let odd = Array(String(serial.drop { $0 == "0" }))
            return stride(from: 0, to: odd.count, by: 2).map {
                String(odd[$0..<min($0 + 2, odd.count)])
            }.joined(separator: ":")
        },
    ]

    @Test(arguments: forms.indices)
    func `a serial number is a number, however it is written`(_ form: Int) async throws {
        #expect(await revoke(Self.forms[form](scenario.filled("$serial"))) == nil)
        #expect(api.events.last == "RevokeCertificate")
    }

    @Test(
        arguments: [
            "", "xyz", ":", "0", "00:00", "1::2", "12:", ":12", String(repeating: "f", count: 41), "0x12",
            "1\u{301}2",
        ])
    func `a text that is no serial number is refused`(_ text: String) async throws {
        let error = await revoke(text)
        #expect(error?.code == "InvalidRequestException", "\(text): \(String(describing: error))")
        #expect(api.events.last == "RevokeCertificate: InvalidRequestException")
    }

    @Test func `a certificate is revoked once, by its own authority`() async throws {
        #expect(await revoke("12345678901234567890123456789012")?.code == "ResourceNotFoundException")
        let foreign = await revoke("$serial", of: "$second")
        #expect(foreign?.code == "ResourceNotFoundException")
        #expect(await revoke("$serial") == nil)
        let again = await revoke("$serial", reason: "SUPERSEDED")
        #expect(again?.code == "RequestAlreadyProcessedException")
        let kept = try await api.store.revocation(
            serialNumber: try #require(SerialNumberText.octets(scenario.filled("$serial"))), of: id)
        #expect(kept?.reason == .keyCompromise)
        // The certificate can still be fetched.
        #expect(
            await api.refusal(
                "ACMPrivateCA.GetCertificate",
                scenario.filled(
                    #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$leaf"}"#)) == nil)
    }

    @Test func `a root cannot revoke itself, imported or not`() async throws {
        for name in ["root", "second"] {
            let issued = try await api.store.issuedCertificates(
                of: String(scenario.filled("$\(name)").suffix(36)), after: nil, limit: 9)
            let own = issued.first { $0.templateARN.hasSuffix("RootCACertificate/V1") }
            let serial = try #require(own?.serialNumber)
            let error = await revoke(serial, of: "$\(name)")
            #expect(error?.code == "InvalidRequestException")
            #expect(error?.message == "Self-signed certificate can not be revoked")
        }
    }

    @Test func `a disabled authority revokes and does not issue; an expired certificate is not revoked`()
        async throws
    {
        #expect(await update(#""Status": "DISABLED""#) == nil)
        #expect(
            await api.refusal("ACMPrivateCA.IssueCertificate", scenario.filled(Scenario.issue))
                == "InvalidStateException")
        #expect(await revoke("$serial") == nil)
        await publish()
        #expect(try serials(list()) == [scenario.filled("$serial")])
        #expect(await update(#""Status": "ACTIVE""#) == nil)
        #expect(await update(#""Status": "ACTIVE""#) == nil)
        let brief = String(try await issue(days: 1).suffix(32))
        api.time.advance(2 * 86_400)
        #expect(await revoke(brief)?.code == "InvalidStateException")
    }

    @Test func `an activated authority has an empty CRL, and a revocation the next one`() async throws {
        let first = try list()
        #expect(first.count == 0 && first.version == 2)
        let before = api.events.count
        api.time.advance(60)
        #expect(await revoke("$serial") == nil)
        await publish()
        #expect(
            Array(api.events.dropFirst(before)) == ["RevokeCertificate", "SignatureIntent", "GenerateCRL"])
        let second = try list()
        #expect(serials(second) == [scenario.filled("$serial")])
        #expect(number(second) > number(first))
        // AWS's times: issued an hour ago, and valid as configured.
        let now = Int64(api.time.now.timeIntervalSince1970)
        #expect(second.thisUpdate.secondsSinceEpoch == now - 3600)
        #expect(second.nextUpdate?.secondsSinceEpoch == now + 7 * 86_400)
        // Nothing is due now.
        await publish()
        #expect(try list().derBytes == second.derBytes)
        // At half of its life a new one is made.
        api.time.advance(3.5 * 86_400)
        await publish()
        #expect(try number(list()) > number(second))
    }

    @Test func `numbers increase, even when the clock goes back or a CRL was not published`() async throws {
        let first = try number(list())
        api.time.advance(-86_400)
        #expect(await revoke("$serial") == nil)
        api.published.refuse(with: BucketError(reason: "the disk is full", path: "/p"))
        await publish()
        await publish()
        #expect(try number(list()) == first, "the old one is whole")
        #expect(api.events.filter { $0 == "CRLNotPublished" }.count == 1)
        api.published.refuse(with: nil)
        api.time.advance(60)
        await publish()
        let next = try list()
        #expect(number(next) > first + 1)
        #expect(serials(next) == [scenario.filled("$serial")])
    }

    @Test func `a token that fails leaves the old CRL, and is asked again`() async throws {
        #expect(await revoke("$serial") == nil)
        api.custody.fail(with: .init("unplugged"))
        await publish()
        #expect(try list().count == 0)
        #expect(api.events.suffix(3) == ["SignatureIntent", "SignatureOutcome", "CRLNotPublished"])
        #expect(try await api.store.unresolvedIntents().isEmpty)
        api.custody.fail(with: nil)
        api.time.advance(60)
        await publish()
        #expect(try list().count == 1)
    }

    @Test func `after a restore the revocations of the published CRL come back`() async throws {
        let old = try await Scenario.copy()
        #expect(await revoke("$serial", reason: "PRIVILEGE_WITHDRAWN") == nil)
        await publish()
        let published = try list()
        // The database from before the revocation, and the directory from after it.
        old.api.published.set("crl/\(id).crl", published.derBytes)
        let restored = try old.restarted().api
        _ = await restored.useCases.publication.publishCertificateLists()
        #expect(restored.events.filter { $0 == "RevocationRestored" }.count == 1)
        let newest = try CertificateList(
            derEncoded: try #require(restored.published.files["crl/\(id).crl"]))
        #expect(serials(newest) == [scenario.filled("$serial")])
        #expect(number(newest) > number(published))
        let record = try await restored.store.revocation(
            serialNumber: try #require(SerialNumberText.octets(scenario.filled("$serial"))), of: id)
        #expect(record?.reason == .privilegeWithdrawn)
    }

    @Test func `a published file that is no CRL of the authority stops the next one`() async throws {
        let path = "crl/\(id).crl"
        let good = try #require(api.published.files[path])
        let other = try #require(api.published.files.first { $0.key != path }?.value ?? [1, 2, 3])
        var altered = good
        altered[altered.count - 1] ^= 1
        for bad in [altered, other, Array(good.dropLast()), [], Array("x".utf8)] {
            let copy = try scenario.restarted().api
            copy.published.set(path, bad)
            let signatures = copy.custody.messages.count
            _ = await copy.useCases.publication.publishCertificateLists()
            #expect(copy.custody.messages.count == signatures, "signed")
            #expect(copy.published.files[path] == bad)
            #expect(copy.events.last == "CRLNotPublished")
        }
    }

    @Test func `an entry stays for one CRL after the certificate has ended`() async throws {
        let brief = String(try await issue(days: 1).suffix(32))
        #expect(await revoke(brief) == nil)
        await publish()
        api.time.advance(2 * 86_400)
        #expect(await revoke("$serial") == nil)
        await publish()
        #expect(try Set(serials(list())) == [brief, scenario.filled("$serial")])
        api.time.advance(4 * 86_400)
        await publish()
        #expect(try serials(list()) == [scenario.filled("$serial")])
    }

    @Test func `certificates have the URL that the configuration makes`() async throws {
        func url() async throws -> String? {
            let certificate = try await certificate(try await issue())
            let value = certificate.extensions[oid: .X509ExtensionID.cRLDistributionPoints]?.value
            guard let value else { return nil }
            guard
                case .uniformResourceIdentifier(let url)? =
                    try DistributionPoints(derEncoded: value).points.first?.fullName?.first
            else { return "" }
            return url
        }
        func configure(_ members: String) async -> APIError? {
            await update(#""RevocationConfiguration": {"CrlConfiguration": {\#(members)}}"#)
        }
        #expect(try await url() == nil)
        #expect(await configure(#""Enabled": true, "ExpirationInDays": 3"#) == nil)
        #expect(try await url() == "http://crl.example.test/crl/\(id).crl")
        #expect(
            await configure(
                #""Enabled": true, "ExpirationInDays": 3, "CustomCname": "x.example.test", "CustomPath": "a/b""#
            )
                == nil)
        #expect(try await url() == "http://x.example.test/a/b/\(id).crl")
        #expect(await configure(#""Enabled": true, "ExpirationInDays": 3, "S3BucketName": "crls""#) == nil)
        #expect(try await url() == "http://bucket.example.test/crl/\(id).crl")
        await publish()
        #expect(api.copies.files["crl/\(id).crl"] == api.published.files["crl/\(id).crl"])
        #expect(
            try list().nextUpdate?.secondsSinceEpoch == Int64(api.time.now.timeIntervalSince1970) + 3 * 86_400
        )
        #expect(
            await configure(
                #""Enabled": true, "ExpirationInDays": 3, "CrlDistributionPointExtensionConfiguration": {"OmitExtension": true}"#
            ) == nil)
        #expect(try await url() == nil)
        #expect(await configure(#""Enabled": false"#) == nil)
        #expect(try await url() == nil)
        let described = try await api.call(
            "ACMPrivateCA.DescribeCertificateAuthority",
            scenario.filled(#"{"CertificateAuthorityArn": "$root"}"#)
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
            #""Enabled": true, "ExpirationInDays": 7, "CustomCname": "x.test", "CustomPath": "../a""#,
            "InvalidArgsException"
        ),
        (#""Enabled": true, "ExpirationInDays": 7, "CrlType": "PARTITIONED""#, "InvalidArgsException"),
        (
            #""Enabled": true, "ExpirationInDays": 7, "CustomCname": "x.test", "CrlDistributionPointExtensionConfiguration": {"OmitExtension": true}"#,
            "InvalidArgsException"
        ),
    ]

    @Test(arguments: refused.indices)
    func `a configuration that cannot work is refused, and changes nothing`(_ index: Int) async throws {
        let (members, code) = Self.refused[index]
        let error = await update(#""RevocationConfiguration": {"CrlConfiguration": {\#(members)}}"#)
        #expect(error?.code == code, "\(members): \(String(describing: error))")
        #expect(try await api.store.certificateAuthority(id)?.revocation == RevocationConfiguration())
        if members.contains("nope") {
            #expect(error?.message.hasSuffix("Check your S3 bucket permissions and try again") == true)
        }
    }

    @Test func `an authority that is not active takes a configuration, and no status`() async throws {
        let configuration =
            #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 9}}"#
        #expect(await update(configuration, of: "$second") == nil)
        let refusal = await update(#""Status": "DISABLED""#, of: "$second")
        #expect(refusal?.code == "InvalidStateException")
        #expect(
            refusal?.message
                == "The certificate authority must be in the ACTIVE or DISABLED state to be updated")
        #expect(await update(#""Status": "EXPIRED""#)?.code == "InvalidArgsException")
        #expect(await update(#""Status": "LOST""#)?.code == "ValidationException")
        let second = String(scenario.filled("$second").suffix(36))
        #expect(
            try await api.store.certificateAuthority(second)?.revocation.certificateLists?.expirationInDays
                == 9)
    }

    @Test func `an authority that has expired takes no configuration`() async throws {
        api.time.advance(11 * 366 * 86_400)
        let configuration =
            #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 9}}"#
        #expect(await update(configuration)?.code == "InvalidStateException")
        #expect(await update(#""Status": "DISABLED""#)?.code == "InvalidStateException")
        #expect(await revoke("$serial")?.code == "InvalidStateException")
        let before = api.events.count
        await publish()
        #expect(api.events.count == before, "an authority that has expired has no new CRL")
    }

    @Test func `without a URL a configuration needs a host or a bucket`() async throws {
        let api = try InMemoryAPI(like: scenario.api, hasListURL: false)
        func update(_ members: String) async -> String? {
            await api.refusal(
                "ACMPrivateCA.UpdateCertificateAuthority",
                scenario.filled(
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
        #expect(await revoke("$serial", reason: "SUPERSEDED") == nil)
        let making = Task { await api.useCases.publication.makeAuditReports() }
        defer { making.cancel() }
        api.time.advance(3600)
        let key = try await api.value(
            "S3Key", of: "ACMPrivateCA.CreateCertificateAuthorityAuditReport",
            scenario.filled(Scenario.report))
        // The time limit of the suite ends the wait if the report is never made.
        while api.buckets.text(key) == nil { try await Task.sleep(for: .milliseconds(2)) }
        let text = api.buckets.text(key)
        let report = try JSONValue(parsing: Data(try #require(text).utf8))
        guard case .array(let entries) = report else {
            Issue.record("\(report)")
            return
        }
        let revoked = entries.filter { $0["revokedAt"] != nil }
        #expect(revoked.map { $0["revocationReason"] } == ["SUPERSEDED"])
        #expect(
            revoked.first?["serial"]?.stringValue?.replacing(":", with: "") == scenario.filled("$serial"))
    }
}
