internal import APIClient
internal import Audit
internal import Foundation
internal import Identifiers
internal import PKIX
internal import VisibleText
internal import WireAPI

/// Events and certificates by the names that the commands print: an index, an eventID, a requestID, an ARN or
/// a serial number.
enum EventName {
    /// An event, as GetAuditEvent and GetEventProof name it.
    enum Reference {
        case index(UInt64)
        case id(String)
    }

    /// - Parameter text: an index, an eventID, a requestID, or the ARN or serial number of a certificate,
    ///   which names the event with its outcome
    static func reference(_ text: String, _ source: EventSource) async throws -> Reference {
        if text.utf8.count <= 19, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let index = UInt64(text)
        {
            return .index(index)
        }
        if UUID(uuidString: text) != nil { return .id(text) }
        guard let serial = CertificateName.serialNumber(text) else {
            throw CommandFailure(
                message:
                    "`\(text)` is no index, eventID or requestID of an event, and no ARN or serial number of a certificate",
                hint: "`signet audit list` shows the index of each event, and --json its eventID",
                status: .usage)
        }
        let outcome = try await CertificateName.outcome(serial, named: text, source)
        guard !text.utf8.starts(with: "arn:".utf8) || text.utf8.elementsEqual(outcome.arn.utf8) else {
            throw CommandFailure(
                message: "the log has no certificate `\(text)`",
                hint: "`\(outcome.arn)` has the same serial number", status: .notFound)
        }
        return .index(outcome.index)
    }
}

extension EventName {
    /// The event, as it is in the daemon's log.
    /// - Parameter text: as for ``reference(_:_:)``
    static func event(_ text: String, _ client: SignetClient) async throws -> String {
        let source = EventSource.daemon(client)
        switch try await reference(text, source) {
        case .id(let id): return try await client.call(GetAuditEventOperation.self, .init(id: id)).event
        case .index(let index):
            var text: String?
            try await source.forEach(EventQuery(), from: index, limit: 1) { found, body in
                if found == index { text = String(decoding: body, as: UTF8.self) }
                return false
            }
            guard let text else {
                throw CommandFailure(
                    message: "the log has no event \(index)",
                    hint: "`signet audit list --newest 1` shows the last one",
                    status: .notFound)
            }
            return text
        }
    }
}

/// Certificates by ARN or serial number.
enum CertificateName {
    /// Lower-case hexadecimal digits; nil for a text that is neither an ARN nor a serial number.
    static func serialNumber(_ text: String) -> String? {
        let mark = "/certificate/"
        let digits = text.range(of: mark).map { String(text[$0.upperBound...]) } ?? text
        guard let octets = SerialNumberText.octets(digits) else { return nil }
        // As the log has it: Signet's own serial numbers have 16 octets.
        let text = hexadecimal(octets)
        return String(repeating: "0", count: max(0, 32 - text.utf8.count)) + text
    }

    /// The ARN of a certificate: the text itself when it is one; else of the certificate with this serial
    /// number, which is looked up in the log.
    static func arn(_ text: String, _ client: SignetClient) async throws -> String {
        if text.utf8.starts(with: "arn:".utf8), text.contains("/certificate/") { return text }
        guard !text.utf8.starts(with: "arn:".utf8), let serial = serialNumber(text) else {
            throw CommandFailure(
                message: "`\(text)` is neither the ARN nor the serial number of a certificate",
                hint: "`signet certificate issue` prints the ARN of what it issued", status: .usage)
        }
        return try await outcome(serial, named: text, .daemon(client)).arn
    }

    /// The event IssueCertificateDetails of the certificate.
    static func outcome(
        _ serialNumber: String, named name: String, _ source: EventSource
    ) async throws -> (index: UInt64, arn: String) {
        var query = EventQuery()
        query.eventName = "IssueCertificateDetails"
        query.serialNumber = serialNumber
        var found: (index: UInt64, arn: String)?
        try await source.forEach(query, from: 0, limit: 1) { index, body in
            let event = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            let details = event?["serviceEventDetails"] as? [String: Any]
            found = (index, details?["certificateArn"] as? String ?? "")
            return false
        }
        guard let found else {
            throw CommandFailure(
                message: "the log has no certificate with the serial number `\(name)`",
                hint: "`signet audit certificates --since 7d` shows what was issued", status: .notFound)
        }
        return found
    }

    /// The authority's part of a certificate's ARN.
    static func authority(ofCertificate arn: String) -> String {
        arn.range(of: "/certificate/").map { String(arn[..<$0.lowerBound]) } ?? arn
    }
}
