internal import Audit
internal import Authorization
internal import Foundation
internal import JSON
internal import Storage
internal import TransparencyLog

extension StorageConformance {
    /// Storage of events and checkpoints.
    static let logChecks: [Check] = [
        Check(name: "the tree of the log contains exactly its events, whatever was refused") { store in
            var frontier = Frontier()
            for round in 0..<70 {
                let events = (0..<11).map { event(note: "E\(round).\($0)") }
                try await store.commit(events.map { .append($0) })
                for event in events { frontier.append(TreeHash(leaf: event.body)) }
                _ = try await refusal(
                    store, [.append(event(.daemonStopped)), .closeIntent(id: "no such intent")])
            }
            try require(try await store.logSize() == frontier.size, "the size differs")
            for size in [1, 2, 255, 256, 257, 512, 600, 769, frontier.size] {
                var partial = Frontier()
                for event in try await store.events(from: 0, limit: Int(size)) {
                    partial.append(TreeHash(leaf: event.body))
                }
                try require(
                    try await store.root(size: size) == partial.root, "the root at \(size) differs")
            }
            let proof = try await store.inclusionProof(of: 300, size: frontier.size)
            let body = try await store.events(from: 300, limit: 1)[0].body
            try require(
                ProofCheck.includes(
                    TreeHash(leaf: body), at: 300, size: frontier.size, root: frontier.root, proof: proof),
                "an event is not proven")
            try require(try await store.checkpoint(of: nil) == nil, "a checkpoint before the first")
            try await store.commit([
                .recordCheckpoint(size: 5, note: "five"), .recordCheckpoint(size: 9, note: "nine"),
            ])
            try require(try await store.checkpoint(of: nil) == "nine", "not the newest")
            try require(
                try await store.checkpoint(of: 4) == "five", "not the first checkpoint that covers it")
            try require(try await store.checkpoint(of: 10) == nil, "a checkpoint that does not cover it")
        },
        Check(name: "an event is found by its ID and by the ID of its request") { store in
            let first = event(.daemonStopped)
            let own = AuditEvent.service(
                .daemonStopped, scope: AuditScope(account: "0", region: "r"), time: Date(),
                inPlaceOf: "5b1b9e24-6f8c-4f37-9d1e-111111111111", details: [:])
            try await store.commit([.append(first), .append(own)])
            try require(
                try await store.event(id: first.id)?.body == first.body, "not found by its eventID")
            let found = try await store.event(id: "5b1b9e24-6f8c-4f37-9d1e-111111111111")
            try require(found?.body == own.body && found?.index == 1, "not found by its requestID")
            try require(try await store.event(id: "no such event") == nil, "an unknown ID finds an event")
        },
        Check(name: "a request's event is found among others that name the request") { store in
            let call = APICall(
                requestID: timeOrderedUUID(), operation: "O", time: later,
                scope: AuditScope(account: "0", region: "r"),
                caller: .process(Peer(pid: 1, uid: 1, gid: 1)),
                principal: nil, userAgent: nil, policyDigest: "", parameters: .null)
            let details: JSONObject = ["requestID": .string(call.requestID)]
            func part(_ event: ServiceEvent) -> AuditEvent {
                .service(event, scope: call.scope, time: later, details: details)
            }
            try await store.commit(
                [.append(part(.signatureIntent))], answering: Answer((), to: call, allowedBy: "s")
            ).take()
            try await store.commit([.append(part(.signatureOutcome))])
            let found = try await store.event(id: call.requestID)
            let own = found.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
            try require(
                found?.index == 1 && own.contains(#""eventName":"O""#),
                "it is not the request's own event")
            // A request that never ended has no event of its own.
            let lost = timeOrderedUUID()
            let outcome = AuditEvent.service(
                .signatureOutcome, scope: call.scope, time: later, inPlaceOf: lost,
                details: ["requestID": .string(lost)])
            try await store.commit([.append(outcome), .append(event(.daemonStopped))])
            try require(
                try await store.event(id: lost)?.body == outcome.body, "no event of a lost request")
            try require(try await store.event(id: timeOrderedUUID()) == nil, "an unknown ID finds an event")
        },
        Check(name: "events are selected by the texts they contain") { store in
            try await store.commit(["One", "Two", "Three", "Two"].map { .append(event(note: $0)) })
            func found(_ range: Range<Int64>, _ marks: [[String]]) async throws -> [Int64] {
                let slice = try await store.events(in: range, having: marks, octets: 100_000)
                try require(slice.next == range.upperBound, "not searched to the end")
                return slice.events.map(\.index)
            }
            try require(try await found(0..<9, []) == [0, 1, 2, 3], "not all")
            try require(try await found(1..<3, []) == [1, 2], "not the range")
            try require(try await found(0..<4, [[#":"Two""#]]) == [1, 3], "not those with the text")
            try require(
                try await found(0..<4, [["One", "Three"], ["eventName"]]) == [0, 2], "not either")
            try require(try await found(0..<4, [["One"], ["Two"]]).isEmpty, "not both")
            try require(try await found(0..<4, [["one"], ["%"], ["?"]]).isEmpty, "a text is a pattern")
            // A slice respects its length limit, but has at least one event.
            let length = try await store.events(from: 0, limit: 1)[0].body.count
            for (octets, count) in [(0, 1), (length, 1), (length * 5 / 2, 2)] {
                let slice = try await store.events(in: 0..<4, having: [], octets: octets)
                try require(slice.events.count == count, "\(octets) octets: \(slice.events.count) events")
                try require(slice.next == Int64(count), "\(octets) octets: continues at \(slice.next)")
            }
        },
        eventOrder,
    ]

    /// Leaves five events in the store.
    public static let eventOrder = Check(name: "the log keeps the order and the octets of its events") {
        store in
        let events = (0..<5).map { event(note: "E\($0)") }
        for one in events { try await store.commit([.append(one)]) }
        let read = try await store.events(from: 0, limit: 10)
        try require(read.map(\.index) == [0, 1, 2, 3, 4], "indices \(read.map(\.index))")
        try require(read.map(\.body) == events.map(\.body), "bytes differ")
        let part = try await store.events(from: 3, limit: 1)
        try require(part.map(\.index) == [3], "paging \(part.map(\.index))")
        _ = try await refusal(store, [.append(events[0])])
    }
}
