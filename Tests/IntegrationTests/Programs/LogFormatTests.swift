import Foundation
import TestSupport
import Testing

/// The forms of the daemon's log, read as its receivers read it.
struct LogFormatTests {
    /// The log of a daemon whose token is missing, started with these arguments.
    /// - Parameter present: the label of another token, which the log names
    private static func log(
        _ arguments: [String], present: String? = nil, wrappedIn wrapper: [String] = []
    ) async throws -> [String] {
        let daemon = try Daemon()
        if let present { try daemon.token.addToken(label: present) }
        let yaml = try daemon.directory.text("signetd.yaml")
        try daemon.directory.write(
            "signetd.yaml", yaml.replacing(SoftHSM.uri, with: "pkcs11:token=say%20%22late%22"))
        try daemon.start(
            wrappedIn: wrapper + ["sh", "-c", "exec \"$@\" \(arguments.joined(separator: " "))", "sh"])
        #expect(daemon.stop() == 0)
        return try daemon.log().split(separator: "\n").map(String.init)
    }

    @Test func `values of a text line are in quotation marks`() async throws {
        let lines = try await Self.log([])
        let line = try #require(lines.first { $0.contains("token not opened") })
        #expect(
            line.wholeMatch(of: /[0-9TZ:-]+ error signetd: token not opened( [a-z]+="[^"]*")+/)
                != nil, "\(line)")
        #expect(line.contains(#"token="main""#), "\(line)")
    }

    @Test func `a mark over a quotation mark does not hide it`() async throws {
        let lines = try await Self.log([], present: "a\"\u{301} b=\"\u{301}")
        let line = try #require(lines.first { $0.contains("token not opened") })
        let values = #/[0-9TZ:-]+ error signetd: token not opened( [a-z]+="[^"]*")+/#
        #expect(line.wholeMatch(of: values.matchingSemantics(.unicodeScalar)) != nil, "\(line)")
        #expect(
            line.utf8.split(separator: UInt8(ascii: "u")).count { $0.starts(with: "{22}".utf8) } == 2,
            "\(line)")
    }

    @Test func `each JSON line is an object with the level, the message and the values`() async throws {
        let lines = try await Self.log(["--log-format", "json"])
        let records = try lines.map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String], "\($0)")
        }
        let record = try #require(records.first { $0["message"] == "token not opened" })
        #expect(record["level"] == "error" && record["token"] == "main" && record["time"] != nil)
        #expect(record["reason"]?.contains("no token matches") == true)
    }

    @Test func `lines for the journal begin with their priority`() async throws {
        // As systemd says that standard error is the journal.
        let journal = [
            "sh", "-c", "JOURNAL_STREAM=$(stat --dereference --format %d:%i /proc/self/fd/2) exec \"$@\"",
            "sh",
        ]
        for lines in [
            try await Self.log([], wrappedIn: journal), try await Self.log(["--log-format", "journal"]),
        ] {
            #expect(lines.allSatisfy { $0.prefixMatch(of: /<[2-7]>/) != nil }, "\(lines)")
            #expect(lines.contains { $0.hasPrefix("<3>token not opened") }, "\(lines)")
        }
        let other = try await Self.log([], wrappedIn: ["env", "JOURNAL_STREAM=1:2"])
        #expect(!other.isEmpty && other.allSatisfy { !$0.hasPrefix("<") }, "\(other)")
    }
}
