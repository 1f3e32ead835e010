import Foundation
internal import InMemoryStorage
internal import JSON
import Operations
import PKIX
import Publication
internal import Storage
internal import SwiftASN1
import Testing
import X509

/// Partitioned CRLs: each certificate names one of them, which is about its serial numbers and no others.
@Suite(.timeLimit(.minutes(5)))
struct PartitionTests {
    private let fixture: RevocationFixture
    private static let count = 32

    init() async throws { fixture = try await RevocationFixture() }

    private func divide(_ more: String = "") async -> APIError? {
        await fixture.update(
            #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 7, "CrlType": "PARTITIONED"\#(more)}}"#
        )
    }

    private func path(_ index: Int) -> String { "crl/\(fixture.id)/\(index).crl" }

    private func list(_ index: Int, of api: InMemoryAPI? = nil) throws -> CertificateList {
        try CertificateList(
            derEncoded: try #require(
                (api ?? fixture.api).published.files[path(index)], "no partition \(index)"))
    }

    /// The URL in a new certificate, and its serial number.
    private func issued() async throws -> (url: String, serial: String) {
        let arn = try await fixture.issue()
        let certificate = try await fixture.certificate(arn)
        let value = try #require(certificate.extensions[oid: [2, 5, 29, 31]]).value
        let points = try DistributionPoints(derEncoded: value)
        guard case .uniformResourceIdentifier(let url)? = points.points.first?.fullName?.first else {
            throw Unexpected()
        }
        return (url, String(arn.suffix(32)))
    }

    private struct Unexpected: Error {}

    private func index(_ serial: String) throws -> Int {
        try #require(UInt16(serial.suffix(4), radix: 16).map { Int($0) % Self.count })
    }

    private var signed: Int { fixture.api.events.count { $0 == "GenerateCRL" } }

    @Test func `a certificate and the CRL of its partition have one URL, and the CRL its revocation`()
        async throws
    {
        #expect(await divide() == nil)
        await fixture.publish()
        let first = try (0..<Self.count).map { try list($0) }
        let shown = try await fixture.api.call(
            "Signet.DescribeRevocation", fixture.scenario.filled(#"{"CertificateAuthorityArn": "$root"}"#)
        ).get()
        #expect(shown["PartitionedLists"]?["Count"] == 32 && shown["PartitionedLists"]?["Signed"] == 32)
        #expect(shown["PartitionedLists"]?["NextUpdate"] != nil)
        let (url, serial) = try await issued()
        let index = try index(serial)
        #expect(url == "http://crl.example.test/\(path(index))")
        #expect(
            first[index].issuingDistributionPoint?.elementsEqual(DistributionPoints.issuing(urls: [url]))
                == true)
        #expect(first.allSatisfy { $0.count == 0 && $0.extensions.count(where: \.isCritical) == 1 })
        fixture.api.time.advance(60)
        let before = signed
        #expect(await fixture.revoke(serial) == nil)
        await fixture.publish()
        #expect(signed == before + 2, "the complete CRL, and one partition")
        #expect(try fixture.serials(list(index)) == [serial])
        #expect(try fixture.number(list(index)) > fixture.number(first[index]))
        for other in 0..<Self.count where other != index {
            #expect(try list(other).derBytes == first[other].derBytes)
        }
        // The complete one has no distribution point, and every revocation.
        let complete = try fixture.list()
        #expect(complete.issuingDistributionPoint == nil && fixture.serials(complete) == [serial])
        // Nothing is due now, and everything at half of its life.
        await fixture.publish()
        #expect(signed == before + 2)
        fixture.api.time.advance(3.5 * 86_400)
        await fixture.publish()
        #expect(try (0..<Self.count).allSatisfy { try fixture.number(list($0)) > fixture.number(first[$0]) })
    }

    @Test func `every CRL is about its own serial numbers, and together they have all revocations`()
        async throws
    {
        var serials: Set<String> = []
        for _ in 0..<40 { serials.insert(String(try await fixture.issue().suffix(32))) }
        for serial in serials { #expect(await fixture.revoke(serial) == nil) }
        // Certificates from before the division have the complete CRL.
        #expect(await divide() == nil)
        await fixture.publish()
        var found: [String] = []
        for partition in 0..<Self.count {
            let entries = try fixture.serials(list(partition))
            #expect(try entries.allSatisfy { try index($0) == partition })
            found += entries
        }
        #expect(found.count == serials.count && Set(found) == serials)
        #expect(try Set(fixture.serials(fixture.list())) == serials)
    }

    @Test func `a new URL is added to the CRLs, because older certificates have the old one`() async throws {
        #expect(await divide() == nil)
        await fixture.publish()
        let old = try await issued()
        #expect(await divide(#", "CustomCname": "new.example.test""#) == nil)
        await fixture.publish()
        let new = try await issued()
        #expect(try new.url == "http://new.example.test/\(path(index(new.serial)))")
        let urls = try ["crl", "new"].map { "http://\($0).example.test/\(path(try index(old.serial)))" }
        #expect(old.url == urls[0])
        #expect(
            try list(index(old.serial)).issuingDistributionPoint?.elementsEqual(
                DistributionPoints.issuing(urls: urls)) == true)
        // The limit is on URLs, and not on changes.
        for name in ["a", "b", "a", "c", "d", "e", "f", "new", "a"] {
            #expect(await divide(#", "CustomCname": "\#(name).example.test""#) == nil, "\(name)")
        }
        let refused = await divide(#", "CustomCname": "g.example.test""#)
        #expect(refused?.code == "InvalidArgsException")
        #expect(try await issued().url.hasPrefix("http://a.example.test/"), "a refusal changes nothing")
    }

    @Test func `after the division is given up the CRLs of older certificates go on`() async throws {
        #expect(await divide() == nil)
        await fixture.publish()
        let old = try await issued()
        #expect(
            await fixture.update(
                #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 7}}"#)
                == nil)
        #expect(try await issued().url == "http://crl.example.test/crl/\(fixture.id).crl")
        #expect(await fixture.revoke(old.serial) == nil)
        await fixture.publish()
        #expect(try fixture.serials(list(index(old.serial))) == [old.serial])
        let described = try await fixture.api.call(
            "ACMPrivateCA.DescribeCertificateAuthority",
            fixture.scenario.filled(#"{"CertificateAuthorityArn": "$root"}"#)
        ).get()
        let lists = described["CertificateAuthority"]?["RevocationConfiguration"]?["CrlConfiguration"]
        #expect(lists?["CrlType"] == "COMPLETE")
        // Without the key usage of a CRL's URL there is none to divide.
        #expect(await divide() == nil)
        #expect(try await issued().url.hasPrefix("http://crl.example.test/crl/\(fixture.id)/"))
    }

    @Test func `a partition that cannot be written is not signed again, and a restart signs nothing`()
        async throws
    {
        #expect(await divide() == nil)
        await fixture.publish()
        let complete = signed
        let (_, serial) = try await issued()
        let index = try index(serial)
        let before = try list(index).derBytes
        fixture.api.published.refuse(path(index), with: BucketError(reason: "the disk is full", path: "/p"))
        #expect(await fixture.revoke(serial) == nil)
        await fixture.publish()
        #expect(signed == complete + 2)
        #expect(try list(index).derBytes == before && fixture.serials(fixture.list()) == [serial])
        for _ in 0..<3 {
            fixture.api.time.advance(60)
            await fixture.publish()
        }
        #expect(signed == complete + 2)
        #expect(fixture.api.events.count { $0 == "CRLNotPublished" } == 1)
        fixture.api.published.refuse(path(index), with: nil)
        fixture.api.time.advance(60)
        await fixture.publish()
        #expect(signed == complete + 2)
        #expect(try fixture.serials(list(index)) == [serial])
        let restarted = try fixture.restarted()
        await restarted.publish()
        #expect(restarted.api.events.count { $0 == "GenerateCRL" } == complete + 2)
    }

    @Test func `a partition's file that is lost or altered is made again with a higher number`() async throws
    {
        #expect(await divide() == nil)
        await fixture.publish()
        let restarted = try fixture.restarted()
        let numbers = try (0..<Self.count).map { try fixture.number(list($0)) }
        restarted.api.published.set(path(3), nil)
        restarted.api.published.set(path(4), Array("no CRL".utf8))
        let before = restarted.api.events.count { $0 == "GenerateCRL" }
        await restarted.publish()
        #expect(restarted.api.events.count { $0 == "GenerateCRL" } == before + 2)
        let highest = try #require(numbers.max())
        for index in [3, 4] {
            #expect(try fixture.number(list(index, of: restarted.api)) > highest)
        }
    }

    @Test func `an authority is made with partitions`() async throws {
        let input = """
            {"RevocationConfiguration": {"CrlConfiguration": {
                "Enabled": true, "ExpirationInDays": 7, "CrlType": "PARTITIONED"}},
            "CertificateAuthorityType": "ROOT", "CertificateAuthorityConfiguration": {
                "KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "SHA256WITHECDSA",
                "Subject": {"CommonName": "divided"}}}
            """
        let arn = try await fixture.api.value(
            "CertificateAuthorityArn", of: "ACMPrivateCA.CreateCertificateAuthority", input)
        let id = String(arn.suffix(36))
        let record = try await fixture.api.store.certificateAuthority(id)
        #expect(record?.revocation.partitions?.urls == ["http://crl.example.test/crl/\(id)"])
        #expect(record?.revocation.partitions?.count == Self.count)
    }
}
