import Foundation
import TestSupport
import Testing

/// The questions of an auditor, asked of a real daemon and of its export.
struct AuditorTests {
    private static func rows(_ command: Command) throws -> [[String: Any]] {
        try command.require()
        return try #require(JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [[String: Any]])
    }

    private static func day(of daemon: Daemon) throws -> String {
        String((try daemon.events().last?["eventTime"] as? String ?? "").prefix(10))
    }

    @Test func `every certificate that a principal obtained on a day is listed`() async throws {
        let fixture = try await LogTests.Fixture()
        let daemon = fixture.daemon
        let today = try Self.day(of: daemon)
        func certificates(_ arguments: [String]) throws -> Command {
            try daemon.signet(["audit", "certificates"] + arguments)
        }
        let export = try fixture.export()
        let issued = try daemon.events().enumerated().filter {
            $0.element["eventName"] as? String == "IssueCertificateDetails"
        }
        for principal in [Daemon.administrator, "role/administrator"] {
            for source in [[], ["--export", export]] {
                let found = try Self.rows(
                    try certificates(["--principal", principal, "--on", today, "--json"] + source))
                #expect(found.count == issued.count && found.count == 2)
                let leaf = try #require(found.last)
                #expect(leaf["CertificateArn"] as? String == fixture.certificate)
                #expect(leaf["SerialNumber"] as? String == String(fixture.certificate.suffix(32)))
                #expect(leaf["Subject"] as? String == "CN=service.example.com")
                // The index is the position of the outcome event.
                let index = try #require(leaf["Index"] as? Int)
                let proven = try daemon.signet([
                    "audit", "prove", "\(index)", "--output", daemon.directory.path("outcome"),
                ])
                try proven.require()
                #expect(try daemon.directory.text("outcome.event").contains(fixture.certificate))
            }
        }
        let table = try certificates(["--principal", "role/administrator", "--on", today])
        #expect(table.output.contains("EndEntityCertificate/V1") && table.output.contains("SERIAL NUMBER"))
        let none = try certificates(["--principal", "role/nobody", "--on", today])
        #expect(none.output == "no certificate was issued on \(today) to role/nobody\n")
        #expect(
            try Self.rows(try certificates(["--principal", "role/nobody", "--on", today, "--json"])).isEmpty)
        #expect(try certificates(["--principal", Daemon.administrator, "--on", "2020-01-01"]).status == 0)
        for source in [[], ["--export", export]] {
            for (arguments, reason, status) in [
                (["--principal", "role/x", "--on", "today"], "`today` is not a day", 64),
                (["--principal", "role/x", "--on", "2026-02-30"], "`2026-02-30` is not a day", 64),
                (["--since", "soon"], "`soon` is not a time", 64),
                (["--principal", "nobody", "--on", today], "at 'principal'", 1),
            ] as [([String], String, Int32)] {
                let result = try certificates(arguments + source)
                #expect(
                    result.status == status && result.errors.contains(reason), "\(result.errors)")
            }
        }
    }

    @Test func `what a principal could have obtained is derived from the policies in force on that day`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        _ = try daemon.signet(["ca", "list"])
        let today = try Self.day(of: daemon)
        let config = daemon.directory.path("signetd.yaml")
        func access(_ arguments: [String] = [], on day: String? = nil) throws -> Command {
            try daemon.signet(
                [
                    "audit", "access", "--principal", "role/administrator", "--on", day ?? today, "--config",
                    config,
                ] + arguments)
        }
        func digest() throws -> String {
            let status = try daemon.signet(["policy", "status"])
            return String(try #require(status.output.split(separator: "\n")[0].split(separator: " ").last))
        }
        let first = try digest()
        let alone = try access()
        try alone.require()
        #expect(alone.output.contains(first) && alone.output.contains("administrator"), "\(alone.output)")
        #expect(alone.output.contains("yes") && !alone.output.contains("not the only ones"))

        let policy = try daemon.directory.text("administrator.json")
        try daemon.directory.write(
            "administrator.json", policy.replacingOccurrences(of: #""acm-pca:*""#, with: #""acm-pca:List*""#))
        let early = try access()
        #expect(early.status == 1, "\(early.output)")
        #expect(
            early.errors.contains("were not in force on \(today)") && early.errors.contains(first),
            "\(early.errors)")
        try daemon.signet(["policy", "reload"]).require()
        let second = try digest()
        let json = try access(["--json"])
        try json.require()
        let found = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let inForce = try #require(found["PoliciesInForce"] as? [[String: Any]])
        #expect(inForce.map { $0["Digest"] as? String } == [first, second])
        #expect(found["Digest"] as? String == second)
        let cells = try #require(found["Access"] as? [[String: Any]])
        #expect(!cells.isEmpty && cells.allSatisfy { $0["Access"] as? String == "denied" })
        #expect(try access().output.contains("not the only ones that day"))
        // Earlier policies are found in the log.
        try daemon.directory.write("administrator.json", policy)
        #expect(try access().output.contains("yes"))

        let mistakes: [(Command, String, Int32)] = [
            (try access(on: "2999-01-01"), "has not come yet", 64),
            (try access(on: "2020-01-01"), "does not tell which policies", 1),
            (try access(on: "now"), "`now` is not a day", 64),
            (try access(["--action", "acm-pca:Fly"]), "is not an action", 64),
            (
                try daemon.signet([
                    "audit", "access", "--principal", "role/nobody", "--on", today, "--config", config,
                ]), "there is no principal `role/nobody`", 66
            ),
        ]
        for (result, reason, status) in mistakes {
            #expect(result.status == status && result.errors.contains(reason), "\(result.errors)")
        }
    }

    @Test func `every signature of a key is listed with its outcome`() async throws {
        let fixture = try await LogTests.Fixture()
        let daemon = fixture.daemon
        func details(_ event: [String: Any]) -> [String: Any] {
            event["serviceEventDetails"] as? [String: Any] ?? [:]
        }
        let intents = try daemon.events().filter { $0["eventName"] as? String == "SignatureIntent" }
        let key = try #require(intents.last.flatMap { details($0)["keyIdentifier"] as? String })
        let authority = try #require(details(intents[0])["certificateAuthorityArn"] as? String)
        daemon.stop()
        // One signature has no outcome in the log, and the outcome of another is unknown.
        func event(_ id: String, _ name: String, _ details: String) -> String {
            """
            INSERT INTO event (id, body) VALUES ('\(id)', CAST('{"eventName":"\(name)","eventTime":"2026-11-25T10:00:00Z","serviceEventDetails":{"certificateAuthorityArn":"\(authority)","intentID":\(details)}}' AS BLOB));
            """
        }
        let tail = #"","keyIdentifier":"\#(key)","purpose":"Certificate""#
        try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                event("a", "SignatureIntent", #""lost\#(tail)"#)
                    + event("b", "SignatureIntent", #""open\#(tail)"#)
                    + event("c", "SignatureOutcome", #""lost","status":"UNRESOLVED","statusReason":"why""#),
            ])
        try daemon.start()
        func signatures(_ arguments: [String]) throws -> Command {
            try daemon.signet(["audit", "signatures"] + arguments)
        }
        let export = try fixture.export()
        for source in [[], ["--export", export]] {
            let all = try Self.rows(try signatures(["--key", key, "--json"] + source))
            // CRLs are made in the background.
            let lists = all.filter { $0["Purpose"] as? String == "CertificateList" }
            #expect(lists.allSatisfy { $0["Outcome"] as? String == "SIGNED" })
            let found = all.filter { $0["Purpose"] as? String != "CertificateList" }
            #expect(
                found.map { $0["Outcome"] as? String } == [
                    "SIGNED", "ISSUED", "ISSUED", "UNRESOLVED", "UNFINISHED",
                ])
            #expect(found[2]["SerialNumber"] as? String == String(fixture.certificate.suffix(32)))
            #expect(found[3]["Reason"] as? String == "why" && found[4]["OutcomeIndex"] == nil)
        }
        let pairs = stride(from: 0, to: key.count, by: 2).map { String(key.dropFirst($0).prefix(2)) }
        let table = try signatures(["--key", pairs.joined(separator: ":").uppercased()])
        let rows = table.output.split(separator: "\n").filter { !$0.contains("CertificateList") }
        #expect(rows.count == 6 && table.output.contains("UNFINISHED"))
        let none = try signatures(["--key", "00ff"])
        #expect(none.status == 0 && none.output.contains("no signature with the key 00ff"))
        for source in [[], ["--export", export]] {
            let result = try signatures(["--key", "key"] + source)
            #expect(result.status == 1 && result.errors.contains("at 'keyIdentifier'"), "\(result.errors)")
        }
    }
}
