internal import ArgumentParser
internal import Audit
internal import Foundation
internal import JSON
internal import VisibleText

struct AuditSignatures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signatures", abstract: "Show every signature that was made with a key.",
        discussion: """
            An intent is in the log before a token is asked, its outcome before a caller is answered: ISSUED or SIGNED, \
            FAILED, or UNRESOLVED, when the daemon stopped in between and a signature may exist. UNFINISHED is an intent \
            without an outcome: the token is at work, or the daemon stopped and was not started since. The key of \
            checkpoints signs nothing else and has no intents.

            signet audit signatures --key 0f1e2d3c4b5a69788796a5b4c3d2e1f0
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var source: EventSourceOption
    @Option(help: "CKA_ID of the key, in hexadecimal: `keyIdentifier` in the intents of its authority.")
    var key: String

    func run() async throws {
        try await connection.run { client in
            let signatures = try await SignatureSearch(source: try source.source(client)).signatures(key)
            if connection.json { return try connection.printJSON(signatures) }
            if signatures.isEmpty { return Output.line("no signature with the key \(key) is in the log") }
            Output.line(
                EscapedText.table(
                    ["TIME", "INTENT", "OUTCOME", "EVENT", "PURPOSE", "SERIAL NUMBER", "REQUEST"],
                    signatures.map(\.row)))
        }
    }
}

/// An intent and its outcome.
private struct Signature: Encodable {
    let intentID: String
    let time: String
    let intentIndex: UInt64
    let certificateAuthorityArn: String
    let purpose: String
    let serialNumber: String?
    let sha256: String
    let requestID: String
    var outcome = "UNFINISHED"
    var reason: String?
    var outcomeIndex: UInt64?

    /// Nil for an event that is not an intent.
    init?(_ index: UInt64, _ event: JSONValue) {
        guard event["eventName"] == "SignatureIntent", let details = event["serviceEventDetails"] else {
            return nil
        }
        func text(_ member: String) -> String { details[member]?.stringValue ?? "" }
        intentID = text("intentID")
        time = event["eventTime"]?.stringValue ?? ""
        intentIndex = index
        certificateAuthorityArn = text("certificateAuthorityArn")
        purpose = text("purpose")
        serialNumber = details["serialNumber"]?.stringValue
        sha256 = text("sha256")
        requestID = text("requestID")
    }

    var row: [String] {
        [
            time, "\(intentIndex)", outcome, outcomeIndex.map { "\($0)" } ?? "-", purpose,
            serialNumber ?? "-", requestID,
        ]
    }
}

/// Finds signatures in a log.
private struct SignatureSearch {
    let source: EventSource

    func signatures(_ key: String) async throws -> [Signature] {
        var signatures: [Signature] = []
        var places: [String: Int] = [:]
        func take(_ index: UInt64, _ body: [UInt8]) throws -> Bool {
            let event = try JSONValue(parsing: body)
            if let signature = Signature(index, event) {
                places[signature.intentID] = signatures.count
                signatures.append(signature)
            } else if let details = event["serviceEventDetails"],
                let place = details["intentID"]?.stringValue.flatMap({ places[$0] })
            {
                signatures[place].outcome = details["status"]?.stringValue ?? "?"
                signatures[place].reason = details["statusReason"]?.stringValue
                signatures[place].outcomeIndex = index
            }
            return true
        }
        var query = EventQuery()
        query.keyIdentifier = key
        try await source.forEach(query, take)
        // Searches the outcomes from the first intent without one. They name the intent and not the key.
        for name in ["IssueCertificateDetails", "GenerateCRL", "SignatureOutcome"] {
            let open = signatures.filter { $0.outcomeIndex == nil }
            for authority in Set(open.map(\.certificateAuthorityArn)).sorted() {
                let first = open.first { $0.certificateAuthorityArn == authority }
                var query = EventQuery()
                query.eventName = name
                query.certificateAuthority = authority
                try await source.forEach(query, from: first?.intentIndex, take)
            }
        }
        return signatures
    }
}
