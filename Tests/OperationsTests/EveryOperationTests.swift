import Approvals
import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import RecordKeeping
import SoftwareKeys
import Storage
import Testing

/// Properties of every operation.
@Suite(.timeLimit(.minutes(5)))
struct EveryOperationTests {
    /// Calls an operation in a copy of the scenario: the answer, and the events that it added.
    private func call(
        _ entry: OperationCase, in scenario: Scenario, as user: InMemoryAPI.User = .administrator,
        pid: Int32 = 7
    ) async -> (answer: Result<JSONValue, APIError>, events: [String]) {
        let api = scenario.api
        api.time.advance(entry.later)
        let before = api.events.count
        let answer = await api.call(entry.operation, scenario.filled(entry.input), as: user, pid: pid)
        return (answer, Array(api.events.dropFirst(before)))
    }

    @Test func `each operation has a case here`() {
        #expect(Set(OperationCase.all.map(\.operation)) == Set(APIService.targets))
    }

    @Test(arguments: OperationCase.all)
    func `an operation that is carried out has its own event last, once`(_ entry: OperationCase) async throws
    {
        let (answer, events) = await call(entry, in: try await .copy())
        #expect(throws: Never.self) { try answer.get() }
        // An approval carries out the approved request.
        let carriedOut =
            entry.name == "ApproveRequest"
            ? ["SignatureIntent", "IssueCertificateDetails", "IssueCertificate", "ApprovalOutcome"] : []
        #expect(events == entry.before + (entry.isCounted ? [] : [entry.name]) + carriedOut)
    }

    @Test(arguments: OperationCase.permitted)
    func `a principal without policies is denied, which is recorded once and changes nothing`(
        _ entry: OperationCase
    ) async throws {
        let scenario = try await Scenario.copy()
        let (answer, events) = await call(entry, in: scenario, as: .outsider)
        guard case .failure(let error) = answer else {
            Issue.record("allowed")
            return
        }
        #expect(error.code == "AccessDeniedException", "\(error)")
        #expect(events == ["\(entry.name): AccessDeniedException"])
        #expect(scenario.api.custody.messages.isEmpty)
        #expect(!scenario.api.tokens.isDrained)
    }

    @Test(arguments: OperationCase.all)
    func `a user that is no principal is denied`(_ entry: OperationCase) async throws {
        let (answer, events) = await call(entry, in: try await .copy(), as: .unmapped)
        guard case .failure(let error) = answer else {
            Issue.record("allowed")
            return
        }
        #expect(error.code == "AccessDeniedException")
        #expect(events == ["\(entry.name): AccessDeniedException"])
    }

    @Test(arguments: OperationCase.all)
    func `a worker of the daemon is denied`(_ entry: OperationCase) async throws {
        let (answer, _) = await call(entry, in: try await .copy(), pid: 666)
        guard case .failure(let error) = answer else {
            Issue.record("allowed")
            return
        }
        #expect(error.code == "AccessDeniedException")
    }

    @Test(arguments: OperationCase.all)
    func `a call that cannot be recorded changes nothing, and a read is answered`(_ entry: OperationCase)
        async throws
    {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        api.store.refuseCommits(with: .unavailable(reason: "full"))
        let (answer, events) = await call(entry, in: scenario)
        #expect(events.isEmpty)
        #expect(api.custody.messages.isEmpty)
        #expect(!api.tokens.isDrained)
        switch answer {
        case .success: #expect(!entry.changes, "changed without a record")
        case .failure(let error):
            #expect(entry.changes, "\(error)")
            #expect(error.code == "InternalFailure")
        }
        // The number of missing events is logged once the log can be written again.
        api.store.refuseCommits(with: nil)
        if entry.isCounted { return }
        #expect(try await api.useCases.resumeRecord())
        #expect(api.events.last == "RecordInterrupted")
    }

    @Test(arguments: OperationCase.all.filter { !$0.before.isEmpty })
    func `an operation whose signature fails has an outcome, and no event of success`(_ entry: OperationCase)
        async throws
    {
        let scenario = try await Scenario.copy()
        scenario.api.custody.fail(with: .init("unplugged"))
        let (answer, events) = await call(entry, in: scenario)
        guard case .failure(let error) = answer else {
            Issue.record("carried out")
            return
        }
        #expect(error.code == "InternalFailure")
        #expect(events.last == "\(entry.name): InternalFailure")
        #expect(events.count { $0.hasPrefix(entry.name) } == 1)
        #expect(try await scenario.api.store.unresolvedIntents().isEmpty)
        let intents = events.count { $0 == "SignatureIntent" }
        #expect(events.count { $0 == "SignatureOutcome" } == intents)
        #expect(!events.contains("IssueCertificateDetails"))
    }

    @Test(arguments: OperationCase.all.filter { !$0.before.isEmpty })
    func `a signature whose outcome is not recorded is not released`(_ entry: OperationCase) async throws {
        let scenario = try await Scenario.copy()
        let store = scenario.api.store
        scenario.api.custody.whenSigned { store.refuseCommits(with: .unavailable(reason: "full")) }
        let (answer, _) = await call(entry, in: scenario)
        guard case .failure(let error) = answer else {
            Issue.record("carried out")
            return
        }
        #expect(error.code == "InternalFailure")
        #expect(try await store.unresolvedIntents().count == 1)
        store.refuseCommits(with: nil)
        _ = try await scenario.api.useCases.resumeRecord()
        #expect(try await store.unresolvedIntents().isEmpty)
        #expect(scenario.api.events.suffix(2) == ["RecordInterrupted", "SignatureOutcome"])
    }
}
