import Authorization
import Foundation
import JSON
import Testing

@testable import Audit

/// No event is longer than a leaf of the log, whatever its members are.
struct BoundedEventTests {
    static let scope = AuditScope(account: "000000000000", region: "us-local-1")
    static let time = Date(timeIntervalSince1970: 1_800_000_000)
    static let long = [
        String(repeating: "a", count: 200_000), "a" + String(repeating: "\u{301}", count: 100_000),
        String(repeating: "\"", count: 70_000), String(repeating: "\u{1}", count: 70_000),
        String(repeating: "\u{1F600}", count: 40_000),
    ]

    static func call(parameters: JSONValue = .null, userAgent: String? = nil, groups: [UInt32] = [])
        -> APICall
    {
        APICall(
            requestID: timeOrderedUUID(), operation: "O", time: time, scope: scope,
            caller: .process(Peer(pid: 1, uid: 2, gid: 3, groups: groups)), principal: nil,
            userAgent: userAgent,
            policyDigest: "d", parameters: parameters)
    }

    static func record(_ event: AuditEvent) throws -> JSONValue { try JSONValue(parsing: event.body) }

    @Test(arguments: long)
    func `an over-long member is replaced by its size and digest, and the others stay`(_ text: String) throws
    {
        let parameters: JSONValue = ["long": .string(text), "short": "kept"]
        let event = Self.call(parameters: parameters).succeeded(statement: "s", response: ["arn": "x"])
        #expect(event.body.count <= AuditEvent.mostOctets)
        let record = try Self.record(event)
        #expect(record["requestParameters"]?["short"] == "kept")
        #expect(record["responseElements"]?["arn"] == "x")
        #expect(record["requestParameters"]?["long"]?["omitted"] == true)
        #expect(record["eventID"]?.stringValue == event.id)
        guard case .integer(let octets)? = record["requestParameters"]?["long"]?["bytes"] else {
            Issue.record("no size")
            return
        }
        #expect(octets == Int64(JSONValue.string(text).encoded().count))

        let refused = Self.call(parameters: parameters, userAgent: text).failed(code: "E", message: text)
        #expect(refused.body.count <= AuditEvent.mostOctetsOfRefusal)
        #expect(try Self.record(refused)["errorCode"] == "E")

        let service = AuditEvent.service(
            .daemonStopped, scope: Self.scope, time: Self.time, details: ["id": "i", "text": .string(text)])
        #expect(service.body.count <= AuditEvent.mostOctets)
        #expect(try Self.record(service)["serviceEventDetails"]?["id"] == "i")
    }

    @Test func `many members, deep members and many groups stay within the limit too`() throws {
        let many = JSONObject(
            (0..<5000).map { ("member-\($0)", JSONValue.string(String(repeating: "x", count: 100))) })
        let deep: JSONValue = ["a": ["b": ["c": .object(many)]]]
        let groups = (0..<65_536).map { UInt32($0) + 4_000_000_000 }
        for parameters in [.object(many), deep] {
            let call = Self.call(parameters: parameters, groups: groups)
            let events = [
                call.succeeded(statement: "s", response: parameters), call.failed(code: "E", message: "m"),
                AuditEvent.service(
                    .daemonStopped, scope: Self.scope, time: Self.time,
                    details: ["a": parameters, "b": parameters]),
            ]
            for event in events { #expect(event.body.count <= AuditEvent.mostOctets) }
            #expect(events[1].body.count <= AuditEvent.mostOctetsOfRefusal)
        }
    }

    @Test func `an event takes the ID of its request, or of an earlier request that never ended`() throws {
        let call = Self.call()
        let own = call.succeeded(statement: "s", response: .null)
        #expect(AuditEvent.identifier(ofRequest: call.requestID) == own.id)
        let other = AuditEvent.service(
            .daemonStopped, scope: Self.scope, time: Self.time, inPlaceOf: call.requestID, details: [:])
        #expect(AuditEvent.identifier(inPlaceOf: call.requestID) == other.id)
        #expect(Set([call.requestID, own.id, other.id]).count == 3)
        for text in ["", "x", call.requestID.uppercased() + "x", call.requestID.dropLast() + "g"] {
            #expect(AuditEvent.identifier(ofRequest: String(text)) == nil)
        }
    }

    @Test func `members nested deeper than the parser's limit stay within the limit`() {
        var deep = JSONValue.string(String(repeating: "x", count: 70_000))
        for _ in 0..<2000 { deep = .array([deep]) }
        let event = Self.call(parameters: deep).failed(code: "E", message: "m")
        #expect(event.body.count <= AuditEvent.mostOctetsOfRefusal)
    }
}
