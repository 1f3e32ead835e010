import Testing
import TokenProtocol

@testable import Tokens

/// Text from a worker originates in its module: it must neither forge a line of the log nor fill the log.
struct WorkerTextTests {
    /// Scalars that affect a terminal or a line: C0, DEL, C1, separators, bidirectional and format controls,
    /// a variation selector, a tag, a private-use and an unassigned scalar.
    static let hostile: [Unicode.Scalar] = [
        "\u{0}", "\n", "\r", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{2029}", "\u{202E}",
        "\u{2066}",
        "\u{200D}", "\u{FEFF}", "\u{FE0F}", "\u{E0041}", "\u{E000}", "\u{0378}", "\u{3164}",
    ]

    @Test(arguments: hostile)
    func `no scalar reaches the log unescaped`(_ scalar: Unicode.Scalar) {
        var text = "before"
        text.unicodeScalars.append(scalar)
        text += "after"
        let escape = "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        let failure = WorkerAnswer.failure(WorkerFailure(.device, text)).frame(identifier: 7)
        guard case (7, .failure(let read))? = try? WorkerAnswer.parseBounded(failure[...]) else {
            Issue.record("not a failure")
            return
        }
        #expect(read == WorkerFailure(.device, "before\(escape)after"))
    }

    @Test func `a reason of sixty thousand octets is truncated and marked`() throws {
        let frame = WorkerAnswer.failure(WorkerFailure(.request, String(repeating: "\n", count: 60_000)))
            .frame(identifier: 1)
        guard case .failure(let failure) = try WorkerAnswer.parseBounded(frame[...]).answer else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.message.hasSuffix("… (58976 octets more)"))
        #expect(failure.message.utf8.count < 6 * 1024)
        #expect(!failure.message.utf8.contains(UInt8(ascii: "\n")))
    }

    @Test func `the length of a token's names and of a key's attributes is limited too`() throws {
        let long = String(repeating: "\u{1B}x", count: 10_000)
        let opened = WorkerAnswer.opened(
            TokenDescription(
                label: long, manufacturer: "m\n", model: "o", serialNumber: "s", firmware: "1", library: "l"),
            sessions: 1)
        guard
            case .opened(let token, sessions: 1) = try WorkerAnswer.parseBounded(
                opened.frame(identifier: 1)[...]
            )
            .answer
        else {
            Issue.record("not opened")
            return
        }
        #expect(token.label.utf8.count < 1024 && !token.label.utf8.contains(0x1B))
        #expect(token.manufacturer == "m\\u{A}")
        let readings = (0..<500).map {
            AttributeReading(name: "CKA_\($0)\n", wanted: "TRUE", found: "\u{202E}", finding: .wrong)
        }
        let key = WorkerAnswer.key(
            KeyDescription(
                identifier: [1, 10, 27], publicKey: .ec(.ecP256, point: [4, 10]),
                evidence: KeyEvidence(verdict: .notProvable, readings: readings)))
        guard case .key(let read) = try WorkerAnswer.parseBounded(key.frame(identifier: 1)[...]).answer else {
            Issue.record("not a key")
            return
        }
        // Octets that a check needs stay unchanged.
        #expect(read.identifier == [1, 10, 27] && read.publicKey == .ec(.ecP256, point: [4, 10]))
        #expect(read.evidence.verdict == .notProvable && read.evidence.readings.count == 64)
        #expect(
            read.evidence.readings[0].name == "CKA_0\\u{A}" && read.evidence.readings[0].found == "\\u{202E}")
    }

    @Test func `the number of key names is limited, and their labels are escaped`() throws {
        let long = KeyName(
            identifier: [UInt8](repeating: 27, count: 200),
            label: "\u{1B}[2J" + String(repeating: "x", count: 200))
        let answer = WorkerAnswer.privateKeys([KeyName](repeating: long, count: 1000))
        guard
            case .privateKeys(let keys) = try WorkerAnswer.parseBounded(answer.frame(identifier: 1)[...])
                .answer
        else {
            Issue.record("not a list of keys")
            return
        }
        #expect(keys.count == KeyName.pageLength)
        #expect(keys[0].identifier == [UInt8](repeating: 27, count: KeyName.identifierLimit))
        #expect(keys[0].label.hasPrefix("\\u{1B}[2Jx"))
        #expect(keys[0].label.hasSuffix("x… (140 octets more)"))
    }

    @Test func `lines of standard error are limited in length and number, and pass again after a minute`() {
        var gate = LineGate()
        let start = ContinuousClock.now
        let long = [UInt8](repeating: 0x78, count: 100_000)
        // A line that arrives in pieces, an empty line, and one that is too long.
        #expect(gate.add(Array("one".utf8)[...], at: start).isEmpty)
        #expect(gate.add(Array(" line\n\n".utf8)[...], at: start) == [.text(Array("one line".utf8))])
        #expect(gate.add(long[...], at: start).isEmpty)
        #expect(gate.add([10], at: start) == [.text(Array(long.prefix(WorkerErrorOutput.lineLimit + 1)))])
        // Two lines have passed; the minute has room for eighteen more.
        let flood = Array(String(repeating: "x\n", count: 1000).utf8)
        #expect(gate.add(flood[...], at: start + .seconds(59)).count == WorkerErrorOutput.linesPerMinute - 2)
        #expect(
            gate.add(Array("later\n".utf8)[...], at: start + .seconds(60)) == [
                .dropped(982), .text(Array("later".utf8)),
            ])
        #expect(gate.add(Array("no end".utf8)[...], at: start + .seconds(61)).isEmpty)
        #expect(gate.finish() == [.text(Array("no end".utf8))])
    }

    @Test func `a missing Landlock, a reachable system service and a missing path are reported`() {
        func gaps(_ version: Int, _ confinement: WorkerConfinement, _ sockets: SocketFamilies = [])
            -> [String]
        {
            ConfinementInForce(landlockVersion: version).gaps(
                of: TokenConfiguration(
                    workerPath: "/w", module: ModuleLocation(path: "/m.so"), tokenURI: "pkcs11:token=t",
                    pin: .prompt, profile: TokenProfile(name: "p", sockets: sockets), confinement: confinement
                ))
        }
        let state = WorkerConfinement(protected: ["/var/lib/signet", "/run/signet"])
        #expect(gaps(7, state).isEmpty)
        #expect(gaps(0, state).count == 1)
        #expect(gaps(0, state)[0].hasSuffix("in `/var/lib/signet`, `/run/signet` too"))
        #expect(gaps(0, WorkerConfinement(user: "hsm"))[0].hasSuffix("every file that `hsm` can"))
        #expect(gaps(7, state, .internet).isEmpty)
        #expect(gaps(7, state, .unix)[0].contains("has `unix-sockets` and the token has no `worker-user`"))
        #expect(gaps(7, WorkerConfinement(user: "hsm"), .unix).isEmpty)
        #expect(
            gaps(7, WorkerConfinement(paths: ["/there/is/nothing", "/"])) == [
                "`paths` holds `/there/is/nothing`, which is not there"
            ])
    }
}
