import Audit
import Authorities
import Authorization
import Foundation
import InMemoryStorage
import JSON
import RecordKeeping
import SoftwareKeys
import Storage
import Testing
import WireAPI

@testable import Operations

/// Calls that are in the log and cannot be answered.
struct AnswerTests {
    /// ListTokens with an output that cannot be encoded as JSON.
    private enum UnencodableOperation: WireOperation {
        struct Output: Codable, Sendable {
            func encode(to encoder: any Encoder) throws {
                throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "no JSON"))
            }
        }

        typealias Input = ListTokensOperation.Input
        static let service = WireService.signet
        static let name = "ListTokens"
    }

    @Test func `a call whose answer cannot be encoded is recorded once`() async throws {
        let api = try await Scenario.copy().api
        let context = api.service.context
        let endpoint = Endpoint(UnencodableOperation.self) { _, call in
            let authorized = try await call.authorize(ListTokens.Request())
            return try await call.authorities.listTokens(authorized, for: call.event).map { _ in .init() }
        }
        let uid = InMemoryAPI.User.administrator.rawValue
        let requestContext = RequestContext(
            requestID: "r", userAgent: nil,
            from: CallerFinding(caller: .process(Peer(pid: 7, uid: uid, gid: uid)), fault: nil),
            under: Authorizer(context.policy.rulebook))
        let requester = try requestContext.requester(for: .listTokens)
        let before = api.events.count
        let failure = await #expect(throws: AnswerFailure.self) {
            try await endpoint.handle(Data("{}".utf8), requester, requestContext, context)
        }
        let answer = await context.refuse(try #require(failure), requestContext)
        #expect(answer == .internalFailure)
        #expect(api.events.dropFirst(before) == ["ListTokens"])
    }

    @Test func `an approval whose request could not be carried out is not recorded as refused too`()
        async throws
    {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        api.custody.whenSigned { api.store.refuseCommits(with: .unavailable(reason: "full")) }
        let approve = scenario.filled(#"{"Id": "$approval", "Digest": "$digest"}"#)
        #expect(await api.refusal("Signet.ApproveRequest", approve, as: .officer) == "InternalFailure")
        api.store.refuseCommits(with: nil)
        #expect(try await api.useCases.resumeRecord())
        let told = try #require(
            try api.store.events.map { try JSONValue(parsing: $0) }.last {
                $0["eventName"] == "RecordInterrupted"
            })
        // The certificate's event; the approval's own event is in the log.
        #expect(told["serviceEventDetails"]?["unrecordedRefusals"] == 1)
        #expect(api.events.count { $0.hasPrefix("ApproveRequest") } == 1)
    }
}
