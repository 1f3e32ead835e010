import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Searches in the log of a real daemon.
struct AuditQueryTests {
    private static func list(_ daemon: Daemon, _ arguments: [String]) throws -> [[String: Any]] {
        let result = try daemon.signet(["audit", "list", "--json"] + arguments)
        try result.require()
        return try result.output.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private static func name(_ event: [String: Any]) -> String { event["eventName"] as? String ?? "" }

    @Test func `the daemon finds events by name, principal, authority, outcome, serial number and time`()
        async throws
    {
        let fixture = try await LogTests.Fixture()
        let daemon = fixture.daemon
        let authority = String(
            try #require(fixture.certificate.components(separatedBy: "/certificate/").first))
        let serial = String(fixture.certificate.suffix(32))
        _ = try daemon.signet(["audit", "show", "019ab3c2-5d1e-7c40-9a6b-2f6f0f3b8c11"])
        // Compares each search with the events as another program reads them from the log.
        let all = try daemon.events()
        let logged = Set(all.compactMap { $0["eventID"] as? String })
        func expect(_ arguments: [String], _ wanted: ([String: Any]) -> Bool) throws {
            let found = try Self.list(daemon, arguments).filter { !Daemon.isOfDaemon(Self.name($0)) }
            let ids = Set(found.compactMap { $0["eventID"] as? String })
            let known = all.filter(wanted).compactMap { $0["eventID"] as? String }
            // The log has grown since by these searches, and can have grown by a CRL.
            let extra = found.filter { event in
                logged.contains(event["eventID"] as? String ?? "")
                    && !known.contains { $0 == event["eventID"] as? String }
            }
            #expect(!known.isEmpty && ids.isSuperset(of: known), "\(arguments)")
            #expect(extra.isEmpty, "\(arguments): \(extra.map(Self.name))")
        }
        func details(_ event: [String: Any]) -> [String: Any]? {
            event["serviceEventDetails"] as? [String: Any]
        }
        try expect(["--action", "IssueCertificate"]) { Self.name($0) == "IssueCertificate" }
        try expect(["--outcome", "failed"]) { $0["errorCode"] as? String == "ResourceNotFoundException" }
        try expect(["--outcome", "succeeded"]) {
            $0["eventType"] as? String == "AwsApiCall" && $0["errorCode"] == nil
        }
        try expect(["--principal", Daemon.administrator]) {
            ($0["userIdentity"] as? [String: Any])?["arn"] != nil || details($0)?["requesterArn"] != nil
        }
        try expect(["--ca", authority]) { "\($0)".contains(authority) }
        let pairs = stride(from: 0, to: 32, by: 2).map { String(serial.dropFirst($0).prefix(2)) }
            .joined(separator: ":").uppercased()
        for form in [serial, serial.uppercased(), pairs] {
            try expect(["--serial", form]) { "\($0)".contains(serial) || "\($0)".contains(pairs) }
        }
        #expect(try Self.list(daemon, ["--outcome", "denied"]).isEmpty)
        #expect(try Self.list(daemon, ["--principal", "role/nobody"]).isEmpty)
        // A prefix of a serial number matches nothing.
        #expect(try Self.list(daemon, ["--serial", String(serial.prefix(30))]).isEmpty)
        let today = String((all.last?["eventTime"] as? String ?? "").prefix(10))
        try expect(["--since", today, "--until", "2100-01-01"]) { _ in true }
        #expect(try Self.list(daemon, ["--until", "2020-01-01T00:00:00Z"]).isEmpty)
        #expect(try Self.list(daemon, ["--action", "ListTokens", "--limit", "7"]).count == 7)

        let followed = try daemon.signet([
            "audit", "follow", "--from", "0", "--action", "IssueCertificate", "--limit", "2",
        ])
        #expect(followed.output.split(separator: "\n").count == 2, "\(followed.errors)")

        // The same searches on an export of the log.
        let export = try fixture.export()
        let lines = daemon.directory.path("log.jsonl")
        try daemon.signet(["audit", "export", lines, "--lines"]).require()
        daemon.stop()
        for path in [export, lines] {
            let found = try Self.list(
                daemon, ["--export", path, "--serial", serial, "--action", "SignatureIntent"])
            #expect(found.count == 1)
        }
        try FileManager.default.removeItem(atPath: "\(export)/tile/entries/000")
        for (path, status) in [(export, 1), (daemon.directory.path("nothing"), 66)] {
            let result = try daemon.signet(["audit", "list", "--export", path])
            #expect(result.status == status && result.errors.contains("error: "), "\(result.errors)")
        }
    }

    @Test func `an export of lines that was cut off is refused with the number of the line`() throws {
        let directory = try TemporaryDirectory()
        let event = #"{"eventID": "1", "eventName": "DaemonStarted", "eventTime": "2026-11-25T10:00:00Z"}"#
        let file = directory.path("log.jsonl")
        let exports: [(lines: String, reason: String)] = [
            ("\(event)\n\(event.prefix(40))", "line 2 of `\(file)` does not end with a line feed"),
            ("\(event)\n\(event)", "line 2 of `\(file)` does not end with a line feed"),
            (String(event.prefix(1)), "line 1 of `\(file)` does not end with a line feed"),
            ("\(event)\n\(event.prefix(40))\n", "line 2 of `\(file)` is no event"),
            ("\(event)\n\(event.prefix(40))}\n", "line 2 of `\(file)` is not JSON"),
            ("\(event)\n\n\(event)\n", "line 2 of `\(file)` is no event"),
            ("\(event)\n\n", "line 2 of `\(file)` is no event"),
            ("\n", "line 1 of `\(file)` is no event"), ("", "`\(file)` is empty"),
        ]
        let searches = [
            ["list"], ["list", "--newest", "1"], ["certificates", "--since", "2026-11-25"],
            ["signatures", "--key", "00"],
        ]
        for (lines, reason) in exports {
            try directory.write("log.jsonl", lines)
            for search in searches {
                let result = try Command.run(
                    Products.path("signet"), ["audit"] + search + ["--export", file])
                #expect(
                    result.status == 64 && result.errors.contains(reason)
                        && result.errors.contains("hint: export again"),
                    "\(search) \(lines): \(result.errors)")
            }
        }
        try directory.write("log.jsonl", "\(event)\n\(event)\n")
        let whole = try Command.run(Products.path("signet"), ["audit", "list", "--export", file])
        #expect(whole.status == 0 && whole.output.split(separator: "\n").count == 2, "\(whole.errors)")
    }

    @Test func `comma-separated values are read as they were written`() throws {
        let directory = try TemporaryDirectory()
        // Python's reader takes each of them back. A value that a spreadsheet would calculate gets a mark.
        let subjects: [(subject: String, read: String)] = [
            ("CN=plain", "CN=plain"), ("CN=a,O=b", "CN=a,O=b"), ("CN=a\"b\"", "CN=a\"b\""),
            ("CN=a\"\u{301},O=b", "CN=a\"\u{301},O=b"), ("CN=,\u{301}b", "CN=,\u{301}b"),
            ("CN=a\nb", "CN=a\nb"), ("CN=a\rb", "CN=a\\u{D}b"), ("=1+1", "'=1+1"), ("\"", "\""),
            ("=\u{301}1", "'=\u{301}1"), ("-1,2", "'-1,2"),
        ]
        let lines = try subjects.map { subject, _ in
            let event: [String: Any] = [
                "eventName": "IssueCertificateDetails", "eventTime": "2026-11-25T10:00:00Z",
                "serviceEventDetails": ["subject": subject, "serialNumber": "00:FF"],
            ]
            return String(decoding: try JSONSerialization.data(withJSONObject: event), as: UTF8.self) + "\n"
        }
        try directory.write("log.jsonl", lines.joined())
        let result = try Command.run(
            Products.path("signet"),
            ["audit", "certificates", "--since", "2026-11-25", "--csv", "--export"]
                + [directory.path("log.jsonl")])
        try result.require()
        let read = try Command.output(
            Products.python,
            [
                "-c",
                "import csv, io, json, sys; print(json.dumps(list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, 'utf-8', newline='')))))",
            ], input: Data(result.output.utf8))
        let rows = try JSONDecoder().decode([[String]].self, from: Data(read.utf8))
        #expect(rows.count == subjects.count + 1 && rows.allSatisfy { $0.count == rows[0].count }, "\(rows)")
        for (row, (subject, wanted)) in zip(rows.dropFirst(), subjects) {
            #expect(row[2].unicodeScalars.elementsEqual(wanted.unicodeScalars), "\(subject): \(row)")
        }
    }

    @Test func `a search in a long log returns pages and finds a period of time`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        daemon.stop()
        // 25,000 events, one per second from the beginning of 2026, inserted before the recent ones.
        try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                """
                DROP TRIGGER eventIsNeverChanged; DROP TRIGGER eventIsNeverRemoved;
                CREATE TEMP TABLE own AS SELECT * FROM event; DELETE FROM event; DELETE FROM tile;
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 24999)
                INSERT INTO event (position, id, body) SELECT i + 1, 'e' || i,
                    CAST(json_object('eventID', 'e' || i, 'eventName', iif(i = 24000, 'Rare', 'Old'),
                        'eventTime', strftime('%Y-%m-%dT%H:%M:%SZ', 1767225600 + i, 'unixepoch')) AS BLOB)
                FROM n;
                INSERT INTO event (position, id, body) SELECT position + 25000, id, body FROM own;
                """,
            ])
        try daemon.start()
        try await daemon.client { client in
            func ask(_ change: (inout ListAuditEventsOperation.Input) -> Void) async throws
                -> ListAuditEventsOperation.Output
            {
                var input = ListAuditEventsOperation.Input()
                change(&input)
                return try await client.call(ListAuditEventsOperation.self, input)
            }
            let rare = try await ask { $0.eventName = "Rare" }
            #expect(rare.events.isEmpty && rare.isTruncated && rare.nextFrom == 10_000)
            let beginning = Date(timeIntervalSince1970: 1_767_225_600)
            let middle = try await ask {
                $0.startTime = beginning.addingTimeInterval(12_000)
                $0.endTime = beginning.addingTimeInterval(12_010)
            }
            #expect(middle.events.map(\.index) == Array(12_000..<12_010) && !middle.isTruncated)
            let page = try await ask {
                $0.startTime = beginning.addingTimeInterval(12_000.5)
                $0.maxResults = 2
            }
            #expect(page.events.map(\.index) == [12_001, 12_002] && page.isTruncated)
            #expect(page.nextFrom == 12_003 && page.logSize > 25_000)
            let last = try await ask { $0.from = page.logSize + 1_000_000 }
            #expect(last.events.isEmpty && !last.isTruncated)
        }
        #expect(try Self.list(daemon, ["--action", "Rare"]).count == 1)
        #expect(try Self.list(daemon, ["--action", "Old", "--limit", "2345"]).count == 2345)
        #expect(
            try Self.list(daemon, ["--since", "2026-01-01T06:00:00Z", "--until", "2026-01-02"]).count == 3400)
    }

    @Test func `a search with contradictory or malformed criteria is refused`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let mistakes: [([String], String)] = [
            (["--since", "yesterday"], "`yesterday` is not a time"),
            (["--until", "2026-02-30"], "`2026-02-30` is not a day"),
            (["--since", "2026-11-25", "--until", "2026-11-24"], "must not be before startTime"),
            (["--outcome", "granted"], "'granted' is invalid"), (["--limit", "0"], "--limit is 1 or more"),
            (["--principal", "administrator"], "at 'principal'"),
            (["--principal", "role/*"], "at 'principal'"),
            (["--ca", "1234"], "no authority has the ARN, the id or the commonName `1234`"),
            (["--serial", "xyz"], "at 'serialNumber'"),
            (["--action", "a b"], "at 'eventName'"), (["--action", ""], "at 'eventName'"),
            (["--from", "9223372036854775807"], "at 'from'"),
        ]
        for (arguments, reason) in mistakes {
            let result = try daemon.signet(["audit", "list"] + arguments)
            #expect(result.status != 0 && result.errors.contains(reason), "\(arguments): \(result.errors)")
        }
        try await daemon.client { client in
            var input = ListAuditEventsOperation.Input()
            input.outcome = "GRANTED"
            await #expect(throws: APIClientError.self) {
                _ = try await client.call(ListAuditEventsOperation.self, input)
            }
            input.outcome = nil
            for seconds in [-1, 1e300] {
                input.startTime = Date(timeIntervalSince1970: seconds)
                await #expect(throws: APIClientError.self) {
                    _ = try await client.call(ListAuditEventsOperation.self, input)
                }
            }
        }
    }
}
