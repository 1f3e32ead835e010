import Foundation
import NIOCore
import NIOHTTP1
import PKIX
internal import TestSupport
import Testing

@testable import Distribution

/// What is kept, what is asked for, and what a new CRL removes.
@Suite(.timeLimit(.minutes(5)))
struct DistributorTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func revoked() -> CertificateStatus {
        .revoked(at: fixture.time.time(), reason: 1)
    }

    @Test func `a response is asked for once, for all hash functions of their own`() async {
        let certificate = Fixture.certificate([7])
        for _ in 0..<10 { #expect(await fixture.status(certificate) == .good) }
        #expect(fixture.source.requests.count == 1)
        #expect(await fixture.status(Fixture.certificate([7], .sha256)) == .good)
        #expect(fixture.source.requests.count == 2)
    }

    @Test func `requests at once share one request to the daemon`() async {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        fixture.source.wait(for: gate)
        let certificate = Fixture.certificate([7])
        async let statuses = withTaskGroup(of: CertificateStatus?.self) { group in
            for _ in 0..<20 { group.addTask { await fixture.status(certificate) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        while fixture.source.requests.isEmpty { await Task.yield() }
        open.yield()
        open.finish()
        #expect(await statuses == Array(repeating: .good, count: 20))
        #expect(fixture.source.requests.count == 1)
    }

    @Test func `a new CRL removes what it contradicts, for every hash function, and nothing else`()
        async throws
    {
        try fixture.publish([])
        let names = [Fixture.certificate([7]), Fixture.certificate([7], .sha256), Fixture.certificate([8])]
        for name in names { #expect(await fixture.status(name) == .good) }
        fixture.source.set(revoked(), of: [7])
        #expect(await fixture.status(names[0]) == .good, "kept until the CRL")
        try fixture.publish([[7]], number: 2)
        #expect(await fixture.status(names[0]) == revoked())
        #expect(await fixture.status(names[1]) == revoked())
        #expect(await fixture.status(names[2]) == .good)
        #expect(fixture.source.requests.count == 5)
        // A response that says revoked stays when another CRL says it too.
        try fixture.publish([[7], [9]], number: 3)
        #expect(await fixture.status(names[0]) == revoked())
        #expect(fixture.source.requests.count == 5)
    }

    @Test func `a response that was asked for before a CRL is not kept`() async throws {
        try fixture.publish([])
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        fixture.source.wait(for: gate)
        async let first = fixture.status(Fixture.certificate([7]))
        while fixture.source.requests.isEmpty { await Task.yield() }
        try fixture.publish([[7]], number: 2)
        open.yield()
        open.finish()
        #expect(await first == .good)
        fixture.source.set(revoked(), of: [7])
        #expect(await fixture.status(Fixture.certificate([7])) == revoked())
    }

    @Test(arguments: [[], [0x30, 0x00], Array("CRL".utf8)] as [[UInt8]])
    func `a CRL that cannot be read removes every response of its authority`(_ octets: [UInt8]) async throws {
        try fixture.publish([])
        #expect(await fixture.status(Fixture.certificate([7])) == .good)
        fixture.source.set(revoked(), of: [7])
        try fixture.publish(octets: octets)
        #expect(await fixture.status(Fixture.certificate([7])) == revoked())
    }

    @Test func `what was never issued is not kept`() async {
        fixture.source.set(.unknown, of: [5])
        #expect(await fixture.status(Fixture.certificate([5])) == .unknown)
        fixture.source.set(.revoked(at: fixture.time.time(-fixture.time.value), reason: 6), of: [6])
        _ = await fixture.status(Fixture.certificate([6]))
        // Both were issued meanwhile.
        for serial in [[5], [6]] as [[UInt8]] {
            fixture.source.set(.good, of: serial)
            #expect(await fixture.status(Fixture.certificate(serial)) == .good)
        }
    }

    @Test func `a response is renewed while it is used, and ends`() async throws {
        let certificate = Fixture.certificate([7])
        #expect(await fixture.status(certificate) == .good)
        let status = revoked()
        fixture.source.set(status, of: [7])
        fixture.time.advance(299)
        #expect(await fixture.status(certificate) == .good)
        #expect(fixture.source.requests.count == 1)
        fixture.time.advance(2)
        // The daemon is asked before it is given out again, although no CRL came.
        #expect(await fixture.status(certificate) == status)
        #expect(fixture.source.requests.count == 2)
        // The daemon is away: what is kept serves until it ends.
        fixture.source.setAway(true)
        fixture.time.advance(3500)
        #expect(await fixture.status(certificate) != nil)
        fixture.time.advance(101)
        let answer = await fixture.ask(certificate)
        #expect(Array(answer.body.readableBytesView) == OCSPResponse.encoded(.tryLater))
        let health = await fixture.distributor.answer(to: .ready, from: fixture.address)
        #expect(
            health.status == .ok && String(buffer: health.body).contains("the daemon has given no status for")
        )
        fixture.source.setAway(false)
        #expect(await fixture.status(certificate) != nil)
        let ready = await fixture.distributor.answer(to: .ready, from: fixture.address)
        #expect(String(buffer: ready.body) == "ready\n")
    }

    @Test func `a nonce comes back, or a kept response without one`() async throws {
        let certificate = Fixture.certificate([7])
        func nonce(_ answer: DistributionAnswer) throws -> [UInt8]? {
            guard
                case .basic(let basic) = try OCSPResponse.read(
                    derEncoded: Array(answer.body.readableBytesView))
            else { return [] }
            return basic.nonce
        }
        let live = await fixture.ask(certificate, nonce: [1, 2])
        #expect(try nonce(live) == [4, 2, 1, 2])
        #expect(live.fields.contains { $0 == ("Cache-Control", "no-store") })
        #expect(await fixture.status(certificate) == .good)
        fixture.source.setAway(true)
        #expect(try nonce(await fixture.ask(certificate, nonce: [3])) == nil)
    }

    @Test func `one source has a rate, and another is served`() async throws {
        let begin = ContinuousClock.now
        let seconds = ManualSeconds()
        let start = seconds.value
        let requests = LiveRequests(limits: DistributionLimits(livePerSecond: 5)) {
            begin + .seconds(seconds.value - start)
        }
        func admitted(_ address: SourceAddress) async -> Int {
            var count = 0
            for _ in 0..<50 where await requests.enter(address, cost: 1) {
                requests.leave()
                count += 1
            }
            return count
        }
        #expect(await admitted(fixture.address) == 5)
        #expect(await admitted(SourceAddress(try SocketAddress(ipAddress: "192.0.2.7", port: 1))) == 5)
        seconds.advance(1)
        #expect(await admitted(fixture.address) == 5)
    }

    @Test func `a newer answer that is not kept removes the older one`() async {
        let certificate = Fixture.certificate([7])
        #expect(await fixture.status(certificate) == .good)
        fixture.source.set(.unknown, of: [7])
        fixture.time.advance(301)
        #expect(await fixture.status(certificate) == .unknown)
        fixture.source.setAway(true)
        #expect(await fixture.status(certificate) == nil)
    }

    @Test func `a daemon that cannot tell leaves what is kept, and is degraded`() async {
        let certificate = Fixture.certificate([7])
        #expect(await fixture.status(certificate) == .good)
        fixture.source.setTryingLater(true)
        fixture.time.advance(301)
        #expect(await fixture.status(certificate) == .good)
        let health = await fixture.distributor.answer(to: .ready, from: fixture.address)
        #expect(String(buffer: health.body).hasPrefix("degraded: the daemon has given no status for"))
        let other = await fixture.ask(Fixture.certificate([8]))
        #expect(Array(other.body.readableBytesView) == OCSPResponse.encoded(.tryLater))
    }

    @Test func `a published CRL that is gone is degraded, and its authority is asked about again`()
        async throws
    {
        try fixture.publish([])
        #expect(await fixture.status(Fixture.certificate([7])) == .good)
        fixture.source.set(revoked(), of: [7])
        try FileManager.default.moveItem(
            atPath: fixture.directory.path("crl"), toPath: fixture.directory.path("moved"))
        let health = await fixture.distributor.answer(to: .ready, from: fixture.address)
        #expect(String(buffer: health.body).contains("1 CRLs are gone"), "\(String(buffer: health.body))")
        #expect(await fixture.status(Fixture.certificate([7])) == revoked())
        try FileManager.default.moveItem(
            atPath: fixture.directory.path("moved"), toPath: fixture.directory.path("crl"))
        let ready = await fixture.distributor.answer(to: .ready, from: fixture.address)
        #expect(String(buffer: ready.body) == "ready\n")
    }

    @Test func `a request is charged for the certificates that it names`() async throws {
        let begin = ContinuousClock.now
        let limited = LiveRequests(limits: DistributionLimits(livePerSecond: 100)) { begin }
        let address = SourceAddress(nil)
        #expect(await limited.enter(address, cost: 100))
        #expect(await !limited.enter(address, cost: 50))
    }

    @Test func `sources take turns when every place is taken`() async throws {
        let requests = LiveRequests(limits: DistributionLimits(live: 2, livePerSecond: 0))
        let flood = SourceAddress(try SocketAddress(ipAddress: "192.0.2.1", port: 1))
        let honest = SourceAddress(try SocketAddress(ipAddress: "192.0.2.2", port: 1))
        for _ in 0..<2 { #expect(await requests.enter(flood, cost: 1)) }
        let (order, ended) = AsyncStream.makeStream(of: String.self)
        for number in 0..<64 {
            let before = requests.waitingCount
            Task {
                if await requests.enter(flood, cost: 1) { ended.yield("flood \(number)") }
            }
            while requests.waitingCount == before { await Task.yield() }
        }
        // One source has a limit of what waits.
        #expect(await !requests.enter(flood, cost: 1))
        let before = requests.waitingCount
        Task { if await requests.enter(honest, cost: 1) { ended.yield("honest") } }
        while requests.waitingCount == before { await Task.yield() }
        var served: [String] = []
        requests.leave()
        for await name in order {
            served.append(name)
            if name == "honest" { break }
            requests.leave()
        }
        #expect(served.count <= 2, "\(served)")
    }

    @Test func `the octets that are kept have a limit`() async throws {
        let small = try Fixture(limits: DistributionLimits(livePerSecond: 0, cacheOctets: 20_000))
        for number in 1...200 as ClosedRange<UInt8> { _ = await small.status(Fixture.certificate([number])) }
        #expect((1...25).contains(small.distributor.cache.count))
        // The newest are kept.
        let before = small.source.requests.count
        #expect(await small.status(Fixture.certificate([200])) == .good)
        #expect(small.source.requests.count == before)
    }

    @Test func `documents are served with their end, and only once to a client that has them`() async throws {
        try fixture.publish([[7]])
        try Data([9, 9]).write(
            to: URL(fileURLWithPath: fixture.directory.path("ca/\(Fixture.authority).cer")))
        let list = await fixture.distributor.answer(to: .list(Fixture.authority), from: fixture.address)
        #expect(list.status == .ok && list.fields.contains { $0 == ("Content-Type", "application/pkix-crl") })
        #expect(list.fields.contains { $0.0 == "Cache-Control" && $0.1.hasPrefix("max-age=300, ") })
        #expect(try CertificateList(derEncoded: Array(list.body.readableBytesView)).count == 1)
        let tag = try #require(list.fields.first { $0.0 == "ETag" }?.1)
        for tags in [[tag], ["\"x\", \(tag)"], ["W/\(tag)"], ["*"]] {
            #expect(list.unless(has: tags).status == .notModified, "\(tags)")
        }
        #expect(list.unless(has: ["\"x\""]).status == .ok)
        try fixture.publish([[7], [8]], number: 2)
        let newer = await fixture.distributor.answer(to: .list(Fixture.authority), from: fixture.address)
        #expect(newer.unless(has: [tag]).status == .ok)
        let certificate = await fixture.distributor.answer(
            to: .certificate(Fixture.authority), from: fixture.address)
        #expect(Array(certificate.body.readableBytesView) == [9, 9])
        fixture.time.advance(90_000)
        let ended = await fixture.distributor.answer(to: .list(Fixture.authority), from: fixture.address)
        #expect(ended.fields.contains { $0.0 == "Cache-Control" && $0.1.hasPrefix("max-age=0, ") })
        let ready = await fixture.distributor.answer(to: .ready, from: fixture.address)
        #expect(String(buffer: ready.body).contains("1 CRLs have ended"))
    }

    @Test func `a link in the published directory is not followed`() async throws {
        let secret = fixture.directory.path("secret")
        try Data([1]).write(to: URL(fileURLWithPath: secret))
        for name in ["crl/\(Fixture.authority).crl", "ca/\(Fixture.authority).cer"] {
            try FileManager.default.createSymbolicLink(
                atPath: fixture.directory.path(name), withDestinationPath: secret)
        }
        fixture.distributor.watch.look()
        for request in [DistributionRequest.list(Fixture.authority), .certificate(Fixture.authority)] {
            #expect(await fixture.distributor.answer(to: request, from: fixture.address).status == .notFound)
        }
    }
}
