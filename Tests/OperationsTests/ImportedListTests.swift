internal import Crypto
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import Storage
import Testing

/// CRLs of authorities that are not of the daemon.
@Suite(.timeLimit(.minutes(5)))
struct ImportedListTests {
    private let fixture: RevocationFixture
    private var scenario: Scenario { fixture.scenario }
    private var api: InMemoryAPI { fixture.api }

    init() async throws { fixture = try await RevocationFixture() }

    private func importing(_ list: [UInt8], of authority: String = "$below") async -> Result<
        JSONValue, APIError
    > {
        await api.call(
            "Signet.ImportCertificateRevocationList",
            scenario.filled(
                #"{"CertificateAuthorityArn": "\#(authority)", "CertificateRevocationList": "\#(Data(list).base64EncodedString())"}"#
            ))
    }

    private func refusal(_ list: [UInt8], of authority: String = "$below") async -> String? {
        guard case .failure(let error) = await importing(list, of: authority) else { return nil }
        return error.code
    }

    @Test func `the CRL of an offline root is published, and comes with that of the authority below`()
        async throws
    {
        let list = try scenario.offline.list(from: api.time.now)
        let id = try #require(try await importing(list).get()["Id"]?.stringValue)
        #expect(api.published.files["crl/\(id).crl"] == list)
        #expect(id.utf8.count == 36 && id.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        await fixture.publish()
        let output = try await api.call(
            "Signet.GetCertificateRevocationList", scenario.filled(#"{"CertificateAuthorityArn": "$below"}"#)
        ).get()
        #expect(
            output["ChainCertificateRevocationLists"]
                == .array([.string(Data(list).base64EncodedString())]))
        // A file that is another one is not given out.
        api.published.set("crl/\(id).crl", [1, 2, 3])
        let without = try await api.call(
            "Signet.GetCertificateRevocationList", scenario.filled(#"{"CertificateAuthorityArn": "$below"}"#)
        ).get()
        #expect(without["ChainCertificateRevocationLists"] == .array([]))
        // In PEM too.
        let pem = PEM.encode(list, label: "X509 CRL")
        #expect(await refusal(Array(pem.utf8)) == nil)
    }

    @Test func `a CRL that is older, ended, or of something else is refused`() async throws {
        let now = api.time.now
        let newest = try scenario.offline.list(number: [1, 0], from: now)
        _ = try await importing(newest).get()
        let files = api.published.files
        let cases: [(String, [UInt8], String)] = [
            (
                "a lower number", try scenario.offline.list(number: [0xFF], from: now + 60),
                "InvalidRequestException"
            ),
            (
                "ended", try scenario.offline.list(number: [2, 0], from: now - 86_400, days: 1),
                "InvalidRequestException"
            ),
            (
                "another key",
                try scenario.offline.list(number: [2, 0], from: now, signedBy: .init()),
                "CertificateMismatchException"
            ),
            ("of an authority here", try fixture.list().derBytes, "CertificateMismatchException"),
            (
                "altered", Array(newest.dropLast()) + [newest[newest.count - 1] ^ 1],
                "CertificateMismatchException"
            ),
            ("cut", Array(newest.dropLast()), "InvalidArgsException"),
            ("text", Array("x".utf8), "InvalidArgsException"),
        ]
        for (name, list, code) in cases { #expect(await refusal(list) == code, "\(name)") }
        // A root has no authority above it.
        #expect(await refusal(newest, of: "$root") == "CertificateMismatchException")
        #expect(api.published.files == files)
        // The same one again, and a newer one.
        #expect(await refusal(newest) == nil)
        #expect(await refusal(try scenario.offline.list(number: [1, 1], from: now)) == nil)
    }

    @Test func `a disk that is full leaves the record as it was`() async throws {
        api.published.refuse(with: BucketError(reason: "the disk is full", path: "/p"))
        #expect(await refusal(try scenario.offline.list(from: api.time.now)) == "InternalFailure")
        #expect(try await api.store.importedLists().isEmpty)
    }

    @Test func `past half of its life an imported CRL is a problem and one event`() async throws {
        _ = try await importing(scenario.offline.list(from: api.time.now, days: 30)).get()
        let lists = api.useCases.publication.publishCertificateLists
        await fixture.publish()
        #expect(await lists.problem == nil)
        api.time.advance(15 * 86_400)
        for _ in 0..<3 { await fixture.publish() }
        #expect(api.events.count { $0 == "ImportedCRLEnding" } == 1)
        #expect(await lists.problem?.hasPrefix("1 imported CRLs are past half of their life") == true)
        _ = try await importing(scenario.offline.list(number: [2], from: api.time.now, days: 30)).get()
        await fixture.publish()
        #expect(await lists.problem == nil)
    }
}
