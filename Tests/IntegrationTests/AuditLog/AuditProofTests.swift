import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Proofs of single events.
struct AuditProofTests {
    @Test func `an event of any kind is proven by its eventID, its requestID or its index`() async throws {
        let fixture = try await LogTests.Fixture()
        try fixture.keepKey()
        let place = fixture.daemon.directory
        let refused = try fixture.daemon.signet(["audit", "show", "019ab3c2-5d1e-7c40-9a6b-2f6f0f3b8c11"])
        #expect(refused.errors.contains("no event with the eventID"), "\(refused.errors)")
        let listed = try fixture.daemon.signet([
            "audit", "list", "--action", "GetAuditEvent", "--json", "--limit", "1",
        ])
        let event = try #require(
            JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
        let ids = try ["eventID", "requestID"].map { try #require(event[$0] as? String) }
        let file = place.path("proof")
        let fetched = try fixture.daemon.signet(["audit", "prove", ids[0], "--output", file])
        try fetched.require()
        let index = try #require(fetched.output.split(whereSeparator: { !$0.isNumber }).first)
        let body = try place.text("proof.event")
        #expect(body == listed.output.trimmingCharacters(in: .newlines))
        let first = try place.text("proof.proof")
        for id in [ids[1], ids[1].uppercased(), String(index)] {
            #expect(try fixture.daemon.signet(["audit", "prove", id]).output == first)
        }
        let json = try fixture.daemon.signet(["audit", "prove", ids[1], "--json"])
        #expect(json.output.contains(#""Index" : \#(index)"#), "\(json.output)")
        fixture.daemon.stop()

        let key = try place.text("log.key")
        func verify() throws -> (ours: Command, independent: Command) {
            (
                try Command.run(
                    Products.path("signet"), ["audit", "verify-proof", file, "--key", place.path("log.key")]),
                try LogTests.python(["proof", file, key])
            )
        }
        let good = try verify()
        #expect(good.ours.status == 0 && good.independent.status == 0, "\(good.independent.errors)")
        #expect(good.independent.output.trimmingCharacters(in: .newlines) == index)
        // Flips octets of the event and of the proof.
        for offset in stride(from: 0, to: body.utf8.count, by: 97) {
            var bytes = Array(body.utf8)
            bytes[offset] ^= 1
            try place.write("proof.event", String(decoding: bytes, as: UTF8.self))
            let bad = try verify()
            #expect(bad.ours.status == 1 && bad.independent.status != 0, "octet \(offset)")
        }
        try place.write("proof.event", body)
        try place.write("proof.proof", first.replacingOccurrences(of: "index \(index)", with: "index 1"))
        let moved = try verify()
        #expect(moved.ours.status == 1 && moved.independent.status != 0)
    }

    @Test func `an unknown event has no proof, and a log without an origin proves nothing`() async throws {
        let fixture = try await LogTests.Fixture()
        let mistakes = [
            ("zzz", "is no index, eventID or requestID", 64), ("-", "is no index", 64),
            ("99999999", "no event with the eventID, requestID or index 99999999", 66),
            ("99999999999999999999999", "no certificate with the serial number", 66),
            ("9999999999999999999999", "no certificate with the serial number", 66),
            ("9223372036854775807", "less than or equal to", 1),
            ("019ab3c2-5d1e-7c40-9a6b-2f6f0f3b8c11", "no event with the eventID", 66),
            ("5b1b9e24-6f8c-4f37-9d1e-111111111111", "no event with the eventID", 66),
        ]
        for (id, reason, status) in mistakes {
            let result = try fixture.daemon.signet(["audit", "prove", "--", id])
            #expect(result.status == status && result.errors.contains(reason), "\(id): \(result.errors)")
        }
        try await fixture.daemon.client { client in
            let inputs: [GetEventProofOperation.Input] = [
                .init(), .init(id: "5b1b9e24-6f8c-4f37-9d1e-111111111111", index: 1), .init(id: "short"),
            ]
            for input in inputs {
                await #expect(throws: APIClientError.self) {
                    _ = try await client.call(GetEventProofOperation.self, input)
                }
            }
        }
        let nameless = try Daemon()
        try nameless.start()
        _ = try nameless.signet(["audit", "list"])
        let result = try nameless.signet(["audit", "prove", "0"])
        #expect(result.status == 1 && result.errors.contains("set log.origin"), "\(result.errors)")
    }
}
