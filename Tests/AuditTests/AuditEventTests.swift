import Authorization
import Foundation
import JSON
import Testing

@testable import Audit

struct AuditEventTests {
    private static let scope = AuditScope(account: "000000000000", region: "r")
    private static let time = Date(timeIntervalSince1970: 1_700_000_000.9)
    private static let authority = ARN(
        partition: "aws", service: "acm-pca", region: "r", account: "000000000000",
        resource: "certificate-authority/a")

    private static func call(_ parameters: JSONValue, approvalID: String? = nil) -> APICall {
        APICall(
            requestID: "r", operation: "IssueCertificate", time: time, scope: scope,
            caller: .process(
                Peer(pid: 1, uid: 2, gid: 3, groups: [4], cgroup: "/x", executable: "/bin/\"y\"")),
            principal: ARN(
                partition: "aws", service: "iam", region: "", account: "000000000000", resource: "user/u"),
            userAgent: String(repeating: "u", count: 300), policyDigest: "d", approvalID: approvalID,
            parameters: parameters)
    }

    /// The octets are a leaf of the log: equal members must have equal octets, independent of their encoder.
    @Test func `every event has exactly the octets of its members`() throws {
        var context = ConditionContext()
        context.set("aws:ResourceTag/\u{E9}", "x")
        context.set("aws:ResourceTag/e\u{301}a", "y")
        context.set("aws:ResourceTag/f", "z")
        context["signet:DNSNames"] = []
        let call = Self.call(["b": "\u{7}", "a": [1, "é"]], approvalID: "i")
        call.setContext(context)
        let events = [
            call.succeeded(statement: "s", response: ["arn": "x"]),
            call.failed(code: "AccessDeniedException", message: "no\n"),
            Self.call(.null).failed(code: "X", message: ""),
            .service(
                .daemonStopped, scope: Self.scope, time: Self.time, details: ["b": 1, "a": ["c": .null]]),
        ]
        for event in events {
            let value = try JSONValue(parsing: event.body)
            #expect(value.encoded() == event.body, "\(String(decoding: event.body, as: UTF8.self))")
            #expect(value["eventName"] == .string(event.name))
            #expect(value["eventID"] == .string(event.id))
            #expect(value["eventTime"] == "2023-11-14T22:13:20Z")
        }
        let event = try JSONValue(parsing: events[0].body)
        // A key without a value is omitted.
        #expect(event["additionalEventData"]?["requestContext"]?["signet:dnsnames"] == nil)
        #expect(event["additionalEventData"]?["requestContext"]?["aws:resourcetag/f"] == ["z"])
        #expect(event["additionalEventData"]?["approvalRequestID"] == "i")
        #expect(event["userAgent"]?.stringValue?.count == 256)
        #expect(event["userIdentity"]?["type"] == "IAMUser")
        #expect(try JSONValue(parsing: events[1].body)["errorMessage"] == "no\n")
    }
}
