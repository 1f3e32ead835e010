import Crypto
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import RecordKeeping
import Signing
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// CRLs: when they are made, what is in them, and what a failure leaves.
@Suite(.timeLimit(.minutes(5)))
struct CertificateListTests {
    private let fixture: RevocationFixture

    init() async throws { fixture = try await RevocationFixture() }

    @Test func `an activated authority has an empty CRL, and a revocation the next one`() async throws {
        let first = try fixture.list()
        #expect(first.count == 0 && first.version == 2)
        let before = fixture.api.events.count
        fixture.api.time.advance(60)
        #expect(await fixture.revoke("$serial") == nil)
        await fixture.publish()
        #expect(
            Array(fixture.api.events.dropFirst(before)) == [
                "RevokeCertificate", "SignatureIntent", "GenerateCRL",
            ])
        let second = try fixture.list()
        #expect(fixture.serials(second) == [fixture.scenario.filled("$serial")])
        #expect(fixture.number(second) > fixture.number(first))
        // AWS's times: issued an hour ago, and valid as configured.
        let now = Int64(fixture.api.time.now.timeIntervalSince1970)
        #expect(second.thisUpdate.secondsSinceEpoch == now - 3600)
        #expect(second.nextUpdate?.secondsSinceEpoch == now + 7 * 86_400)
        // Nothing is due now.
        await fixture.publish()
        #expect(try fixture.list().derBytes == second.derBytes)
        // At half of its life a new one is made.
        fixture.api.time.advance(3.5 * 86_400)
        await fixture.publish()
        #expect(try fixture.number(fixture.list()) > fixture.number(second))
    }

    @Test func `numbers increase, even when the clock goes back or a CRL was not published`() async throws {
        let before = fixture.api.events.filter { $0 == "GenerateCRL" }.count
        let first = try fixture.number(fixture.list())
        fixture.api.time.advance(-86_400)
        #expect(await fixture.revoke("$serial") == nil)
        fixture.api.published.refuse(with: BucketError(reason: "the disk is full", path: "/p"))
        await fixture.publish()
        await fixture.publish()
        #expect(try fixture.number(fixture.list()) == first, "the old one is whole")
        #expect(fixture.api.events.filter { $0 == "CRLNotPublished" }.count == 2)
        fixture.api.published.refuse(with: nil)
        fixture.api.time.advance(60)
        await fixture.publish()
        let next = try fixture.list()
        #expect(fixture.number(next) > first)
        let signatures = fixture.api.events.filter { $0 == "GenerateCRL" }.count
        // Of each of the two authorities, because the old ones are from the future.
        #expect(signatures == before + 2, "a CRL that could not be written is not signed again")
        #expect(fixture.serials(next) == [fixture.scenario.filled("$serial")])
    }

    @Test func `a token that fails leaves the old CRL, and is asked again`() async throws {
        #expect(await fixture.revoke("$serial") == nil)
        fixture.api.custody.fail(with: .init("unplugged"))
        await fixture.publish()
        #expect(try fixture.list().count == 0)
        #expect(fixture.api.events.suffix(3) == ["SignatureIntent", "SignatureOutcome", "CRLNotPublished"])
        #expect(try await fixture.api.store.unresolvedIntents().isEmpty)
        fixture.api.custody.fail(with: nil)
        fixture.api.time.advance(60)
        await fixture.publish()
        #expect(try fixture.list().count == 1)
    }

    @Test func `after a restore the revocations of the published CRL come back`() async throws {
        let old = try await Scenario.copy()
        #expect(await fixture.revoke("$serial", reason: "PRIVILEGE_WITHDRAWN") == nil)
        await fixture.publish()
        let published = try fixture.list()
        // The database from before the revocation, and the directory from after it.
        old.api.published.set("crl/\(fixture.id).crl", published.derBytes)
        let restored = try old.restarted().api
        _ = try await restored.useCases.publication.publishCertificateLists()
        #expect(restored.events.filter { $0 == "RevocationRestored" }.count == 1)
        let newest = try CertificateList(
            derEncoded: try #require(restored.published.files["crl/\(fixture.id).crl"]))
        #expect(fixture.serials(newest) == [fixture.scenario.filled("$serial")])
        #expect(fixture.number(newest) > fixture.number(published))
        let record = try await restored.store.revocation(
            serialNumber: try #require(SerialNumberText.octets(fixture.scenario.filled("$serial"))),
            of: fixture.id)
        #expect(record?.reason == .privilegeWithdrawn)
    }

    @Test func `a published file that is no CRL of the authority stops the next one`() async throws {
        let path = "crl/\(fixture.id).crl"
        let good = try #require(fixture.api.published.files[path])
        let other = try #require(fixture.api.published.files.first { $0.key != path }?.value ?? [1, 2, 3])
        var altered = good
        altered[altered.count - 1] ^= 1
        for bad in [altered, other, Array(good.dropLast()), [], Array("x".utf8)] {
            let copy = try fixture.scenario.restarted().api
            copy.published.set(path, bad)
            let signatures = copy.custody.messages.count
            _ = try await copy.useCases.publication.publishCertificateLists()
            #expect(copy.custody.messages.count == signatures, "signed")
            #expect(copy.published.files[path] == bad)
            #expect(copy.events.last == "CRLNotPublished")
        }
    }

    @Test func `a published CRL that is gone is an event, and is made again`() async throws {
        let copy = try fixture.scenario.restarted().api
        let path = "crl/\(fixture.id).crl"
        copy.published.set(path, nil)
        _ = try await copy.useCases.publication.publishCertificateLists()
        #expect(copy.events.contains("PublishedCRLMissing"))
        #expect(copy.published.files[path] != nil)
    }

    @Test func `a CRL that is too long for an answer is read from its file`() async throws {
        let input = fixture.scenario.filled(#"{"CertificateAuthorityArn": "$root"}"#)
        #expect(await fixture.api.refusal("Signet.GetCertificateRevocationList", input) == nil)
        let file = [UInt8](repeating: 7, count: 8 << 20 + 1)
        var record = try #require(try await fixture.api.store.certificateList(of: fixture.id))
        record.digest = Array(SHA256.hash(data: file))
        try await fixture.api.store.commit([.recordCertificateList(record)])
        fixture.api.published.set("crl/\(fixture.id).crl", file)
        #expect(
            await fixture.api.refusal("Signet.GetCertificateRevocationList", input)
                == "InvalidStateException")
    }

    @Test func `a published number that leaves no room stops the next CRL`() async throws {
        let path = "crl/\(fixture.id).crl"
        for number in [Array(repeating: 0x7F, count: 8), Array(repeating: 0x7F, count: 20)] as [[UInt8]] {
            let api = try fixture.scenario.restarted().api
            let authority = try #require(try await api.store.certificateAuthority(fixture.id))
            let key = try SubjectPublicKey(derEncoded: try #require(authority.subjectPublicKeyInfo))
            let now = try #require(CivilTime(api.time.now))
            let tbs = try TBSCertificateList(
                signatureAlgorithm: .sha256WithECDSA,
                issuer: Array(CertificateFields(derEncoded: try #require(authority.certificate)).subject),
                thisUpdate: now, nextUpdate: try #require(CivilTime(api.time.now + 60)),
                revoked: RevokedCertificates(), authorityKeyIdentifier: KeyIdentifier.sha1(of: key),
                number: number
            ).derBytes()
            let signature = try await api.custody.signature(
                over: tbs, .sha256WithECDSA,
                with: KeyReference(
                    .ecPrime256v1, identifier: authority.keyIdentifier, publicKey: key,
                    securityStandard: nil), .daemon)
            api.published.set(
                path, SignedObject.assemble(tbs: tbs, algorithm: .sha256WithECDSA, signature: signature))
            _ = try? await api.useCases.publication.publishCertificateLists()
            #expect(api.events.last == "CRLNotPublished")
        }
    }

    @Test func `a clock that was ahead loses no entry, and its CRL is replaced`() async throws {
        #expect(await fixture.revoke("$serial") == nil)
        await fixture.publish()
        fixture.api.time.advance(400 * 86_400)
        await fixture.publish()
        let ahead = try fixture.list()
        fixture.api.time.advance(-400 * 86_400)
        await fixture.publish()
        let list = try fixture.list()
        #expect(list.thisUpdate.secondsSinceEpoch < ahead.thisUpdate.secondsSinceEpoch)
        #expect(fixture.number(list) > fixture.number(ahead))
        #expect(fixture.serials(list) == [fixture.scenario.filled("$serial")])
    }

    @Test func `the copy in the bucket stands in for a published file that is lost`() async throws {
        let configuration =
            #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 7, "S3BucketName": "crls"}}"#
        #expect(await fixture.update(configuration) == nil)
        let path = "crl/\(fixture.id).crl"
        let restored = try fixture.scenario.restarted().api
        #expect(await fixture.revoke("$serial") == nil)
        await fixture.publish()
        restored.copies.set(path, fixture.api.copies.files[path])
        restored.published.set(path, nil)
        _ = try await restored.useCases.publication.publishCertificateLists()
        #expect(restored.events.filter { $0 == "RevocationRestored" }.count == 1)
    }

    @Test func `an entry stays for one CRL after the certificate has ended`() async throws {
        let brief = String(try await fixture.issue(days: 1).suffix(32))
        #expect(await fixture.revoke(brief) == nil)
        await fixture.publish()
        fixture.api.time.advance(3 * 86_400)
        #expect(await fixture.revoke("$serial") == nil)
        await fixture.publish()
        #expect(try Set(fixture.serials(fixture.list())) == [brief, fixture.scenario.filled("$serial")])
        fixture.api.time.advance(4 * 86_400)
        await fixture.publish()
        #expect(try fixture.serials(fixture.list()) == [fixture.scenario.filled("$serial")])
    }
}
