import Authorization
import Foundation
import JSON
import Testing

@testable import Audit

/// The events that a search in the log finds.
struct EventQueryTests {
    private static let scope = AuditScope(account: "000000000000", region: "r")
    private static let time = Date(timeIntervalSince1970: 1_767_225_600)
    private static let authority = "arn:aws:acm-pca:r:000000000000:certificate-authority/a"

    private static func call(_ operation: String, parameters: JSONValue = .null) -> APICall {
        APICall(
            requestID: timeOrderedUUID(), operation: operation, time: time, scope: scope,
            caller: .process(Peer(pid: 1, uid: 1, gid: 1)),
            principal: ARN("arn:aws:iam::000000000000:role/issuer"),
            userAgent: nil, policyDigest: "d", parameters: parameters)
    }

    /// Events with custom names.
    private static let events: [String: AuditEvent] = [
        "done": call("IssueCertificate", parameters: ["certificateAuthorityArn": .string(authority)])
            .succeeded(statement: "s", response: .null),
        "denied": call("IssueCertificate").failed(code: "AccessDeniedException", message: "\(authority)?"),
        "failed": call("GetCertificate").failed(code: "ThrottlingException", message: "slower"),
        "search": call("ListAuditEvents", parameters: ["certificateAuthorityArn": .string(authority)])
            .succeeded(statement: "s", response: .null),
        "issued": .service(
            .issueCertificateDetails, scope: scope, time: time.addingTimeInterval(1),
            details: [
                "requesterArn": "arn:aws:iam::000000000000:role/issuer", "serialNumber": "0A:FF:10",
                "certificateArn": .string(authority + "/certificate/0aff10"),
            ]),
        "intent": .service(
            .signatureIntent, scope: scope, time: time.addingTimeInterval(2),
            details: ["keyIdentifier": "beef", "serialNumber": "0aff10"]),
    ]

    struct Case: Sendable {
        let query: EventQuery
        let found: Set<String>

        init(_ found: Set<String>, _ change: (inout EventQuery) -> Void) {
            var query = EventQuery()
            change(&query)
            (self.query, self.found) = (query, found)
        }
    }

    static let cases: [Case] = [
        Case(["done", "denied", "failed", "search", "issued", "intent"]) { _ in },
        Case(["done", "denied"]) { $0.eventName = "IssueCertificate" },
        Case([]) { $0.eventName = "Issue" },
        Case(["done", "denied", "failed", "search", "issued"]) { $0.principal = "role/issuer" },
        Case([]) { $0.principal = "issuer" },
        Case([]) { $0.principal = "arn:aws:iam::111111111111:role/issuer" },
        Case(["done", "search"]) { $0.outcome = .succeeded },
        Case(["denied"]) { $0.outcome = .denied },
        Case(["failed"]) { $0.outcome = .failed },
        Case(["done", "denied", "issued"]) { $0.certificateAuthority = authority },
        Case(["search"]) {
            $0.certificateAuthority = authority
            $0.eventName = "ListAuditEvents"
        },
        Case(["issued", "intent"]) { $0.serialNumber = "0a:ff:10" },
        Case(["issued", "intent"]) { $0.serialNumber = "0AFF10" },
        Case([]) { $0.serialNumber = "0aff" },
        Case(["intent"]) { $0.keyIdentifier = "BE:EF" },
        Case([]) { $0.keyIdentifier = "be" },
        Case(["issued", "intent"]) { $0.start = time.addingTimeInterval(0.5) },
        Case(["issued"]) {
            $0.start = time.addingTimeInterval(1)
            $0.end = time.addingTimeInterval(2)
        },
        Case([]) {
            $0.start = time
            $0.end = time
        },
    ]

    @Test(arguments: cases) func `a query finds the events it describes, and each contains the query's marks`(
        _ one: Case
    ) {
        let found = Self.events.filter { one.query.matches($0.value.body) }
        #expect(Set(found.keys) == one.found)
        for event in found.values {
            let text = String(decoding: event.body, as: UTF8.self)
            #expect(one.query.marks.allSatisfy { $0.contains { text.contains($0) } }, "\(text)")
        }
    }

    @Test func `no query finds malformed events`() {
        var query = EventQuery()
        query.eventName = "O"
        for text in ["", "{", "[]", "{}", #"{"eventName":1}"#] { #expect(!query.matches(Array(text.utf8))) }
    }
}
