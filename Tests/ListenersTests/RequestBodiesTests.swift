import HTTPTypes
import HummingbirdCore
import NIOCore
import Operations
import Testing

@testable import Listeners

struct RequestBodiesTests {
    /// - Parameter length: the content length in the head
    private func request(_ octets: Int, length: Int? = nil) -> Request {
        var head = HTTPRequest(method: .post, scheme: "http", authority: nil, path: "/")
        if let length { head.headerFields[.contentLength] = "\(length)" }
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(repeating: 0x20, count: octets)))
    }

    private func read(
        _ request: Request, of user: UInt32, by bodies: RequestBodies, _ cost: inout RequestCost
    ) async -> String? {
        do throws(APIError) {
            let body = try await bodies.collect(request, of: user, atMost: 100_000, &cost)
            return body.octets.count == cost.octets ? nil : "\(body.octets.count) octets"
        } catch { return error.code }
    }

    @Test func `a large body beside another of the same user is delayed, and its sender is charged`()
        async throws
    {
        let bodies = RequestBodies()
        var cost = RequestCost()
        var first: APIBody? = try await bodies.collect(request(70_000), of: 1, atMost: 100_000, &cost)
        #expect(cost == RequestCost(octets: 70_000))
        // With a content length it is delayed before it is read.
        var withLength = RequestCost()
        #expect(
            await read(request(80_000, length: 80_000), of: 1, by: bodies, &withLength)
                == "ThrottlingException")
        #expect(withLength == RequestCost(octets: 0, isDue: true))
        var withoutLength = RequestCost()
        #expect(await read(request(80_000), of: 1, by: bodies, &withoutLength) == "ThrottlingException")
        #expect(withoutLength == RequestCost(octets: 80_000, isDue: true))

        let pacer = RefusalPacer(exempt: [])
        for _ in 0..<200 { pacer.settle(1, pacer.admit(1, at: .zero), withoutLength, at: .zero) }
        #expect(pacer.admit(1, at: .zero) == .refused)

        // Another user and a small body are not delayed.
        var other = RequestCost()
        #expect(await read(request(70_000), of: 2, by: bodies, &other) == nil)
        #expect(await read(request(60_000), of: 1, by: bodies, &other) == nil)
        #expect(!other.isDue)
        withExtendedLifetime(first) {}
        first = nil
        #expect(await read(request(80_000), of: 1, by: bodies, &other) == nil)
    }

    @Test func `the octets read of an oversized body are counted`() async {
        var cost = RequestCost()
        let code = await read(request(100_001), of: 1, by: RequestBodies(), &cost)
        #expect(code == "RequestEntityTooLargeException")
        #expect(cost == RequestCost(octets: 100_001))
    }
}
