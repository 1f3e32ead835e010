import APIClient
import Foundation
import TestSupport
import Testing

/// A hostile PKCS#11 module that acts in `C_Initialize` and in `C_Sign` of a real worker of a real daemon.
struct HostileModuleTests {
    private static let functions = ["C_Initialize", "C_Sign"]
    private static let isRoot = geteuid() == 0
    /// A program that runs another one as on a kernel without Landlock.
    private static let withoutLandlock = [
        Products.python, "\(Products.root)/Tests/IntegrationTests/Python/without_landlock.py",
    ]
    private static let asOrdinaryUser = ["setpriv", "--reuid=4000", "--regid=4000", "--clear-groups"]

    /// An account that exists on every system and owns nothing.
    private static let workerUser = "nobody"

    /// Whether the kernel has Landlock. If not, a warning is printed, because the tests then show less.
    private static let hasLandlock: Bool = {
        let program = "import ctypes; exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1)"
        let has = (try? Command.run("python3", ["-c", program]).status) == 0
        if !has { print("skipped: every assertion on Landlock: this kernel has none") }
        return has
    }()

    private func expectRefused(
        _ found: [String: HostileFixture.Finding], _ attempts: [String], with error: Int32? = nil
    ) {
        for attempt in attempts {
            let finding = found[attempt]?.error
            #expect(
                finding != nil && finding != 0 && (error == nil || finding == error),
                "\(attempt): \(finding.map(String.init) ?? "not attempted")")
        }
    }

    /// What must hold on every kernel and for every user.
    private func expectFilter(_ found: [String: HostileFixture.Finding], hasSockets: Bool = false) {
        #expect(Set(found.keys) == Attempts.all)
        for (attempt, error) in Attempts.byFilter { expectRefused(found, [attempt], with: error) }
        if !hasSockets { expectRefused(found, Attempts.sockets, with: EAFNOSUPPORT) }
        expectRefused(found, Attempts.memory)
        for attempt in Attempts.allowed {
            #expect(found[attempt]?.error == 0, "\(attempt): \(String(describing: found[attempt]))")
        }
    }

    @Test(.enabled(if: Self.isRoot, "needs root"))
    func `a module without a sandbox reaches everything, so that the attempts can succeed`() async throws {
        let directory = try TemporaryDirectory()
        let token = try SoftHSM(directory)
        for name in ["db", "db-wal", "db-shm", "db.lock", "victim", "configuration", "other-pin"] {
            try directory.write(name, "x")
        }
        var environment = token.environment
        environment["SIGNET_HOSTILE_MODULE"] = SoftHSM.modulePath
        environment["SIGNET_HOSTILE_FINDINGS"] = directory.path("findings")
        environment["SIGNET_HOSTILE_DATABASE"] = directory.path("db")
        environment["SIGNET_HOSTILE_CONFIGURATION"] = directory.path("configuration")
        environment["SIGNET_HOSTILE_VICTIM"] = directory.path("victim")
        environment["SIGNET_HOSTILE_PIN"] = directory.path("other-pin")
        // A shell as its parent, in its own session.
        let tool = "pkcs11-tool --module \(Products.path("libCHostileModule.so")) --list-slots; true"
        try Command.output("setsid", ["--wait", "sh", "-c", tool], environment: environment)
        let lines = try directory.text("findings").split(separator: "\n").map { $0.split(separator: " ") }
        let errors = Dictionary(lines.map { (String($0[1]), Int32($0[2]) ?? -1) }) { first, _ in first }
        // Without the attempts that this container may block by itself, and those that need a socket pair to
        // the parent.
        let uncertain: Set = [
            "io-uring-setup", "io-uring-enter", "bpf", "perf-event-open", "userfaultfd", "keyctl", "add-key",
            "kexec-load",
            "init-module", "mount", "umount", "fsopen", "open-tree", "move-mount", "pivot-root", "chroot",
            "unshare",
            "setns", "socket-vsock", "api", "health", "kcmp", "process-madvise", "clone3", "fd-open",
            "database-by-link", "tkill",
            "state-setxattr", "pidfd-getfd", "process-vm-writev",
        ]
        for attempt in Attempts.all.subtracting(uncertain) {
            #expect(
                errors[attempt] == 0, "\(attempt): \(errors[attempt].map(String.init) ?? "not attempted")")
        }
    }

    @Test(.enabled(if: Self.isRoot, "needs root"))
    func `below a daemon of root a module reaches only itself and its token`() async throws {
        let fixture = try HostileFixture()
        let root = try await fixture.prepare()
        let found = try await fixture.attack(root)
        #expect(found.keys.sorted() == Self.functions)
        for function in Self.functions {
            expectFilter(found[function] ?? [:])
            if Self.hasLandlock { expectRefused(found[function] ?? [:], Attempts.files + Attempts.lists) }
        }
        try fixture.expectDaemonIsWell()
    }

    @Test(.enabled(if: Self.isRoot, "needs root, to become another user"))
    func `below a daemon of an ordinary user a module reaches only itself and its token`()
        async throws
    {
        let fixture = try HostileFixture()
        for directory in [fixture.daemon.directory, fixture.token.directory] {
            try Command.output("chown", ["-R", "4000:4000", directory.path])
        }
        let root = try await fixture.prepare(wrappedIn: Self.asOrdinaryUser)
        try Command.output("chown", ["-R", "4000:4000", fixture.token.directory.path])
        let found = try await fixture.attack(root, wrappedIn: Self.asOrdinaryUser)
        #expect(found.keys.sorted() == Self.functions)
        for function in Self.functions {
            expectFilter(found[function] ?? [:])
            if Self.hasLandlock { expectRefused(found[function] ?? [:], Attempts.files + Attempts.lists) }
        }
        try fixture.expectDaemonIsWell()
    }

    @Test(.enabled(if: Self.isRoot, "needs root"), arguments: [true, false])
    func `a worker with its own user reaches no file of the daemon`(landlock: Bool) async throws {
        let wrapper = landlock ? [] : Self.withoutLandlock
        let fixture = try HostileFixture(workerUser: Self.workerUser)
        let root = try await fixture.prepare(wrappedIn: wrapper)
        let found = try await fixture.attack(root, wrappedIn: wrapper)
        #expect(found.keys.sorted() == Self.functions)
        for function in Self.functions {
            expectFilter(found[function] ?? [:])
            expectRefused(found[function] ?? [:], Attempts.files)
        }
        let uid = try Command.output("id", ["-u", Self.workerUser]).trimmingCharacters(in: .newlines)
        let worker = try #require(fixture.daemon.workers().first)
        let status = try String(contentsOfFile: "/proc/\(worker)/status", encoding: .utf8)
        #expect(status.contains("Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)\n"))
        #expect(status.contains("CapEff:\t0000000000000000\n"))
        #expect(try fixture.daemon.log().contains("every file that `nobody` can") == !landlock)
        try fixture.expectDaemonIsWell()
    }

    @Test(.enabled(if: Self.isRoot, "needs root"))
    func `without Landlock and a user for the worker the daemon logs what a module can reach`()
        async throws
    {
        let fixture = try HostileFixture()
        let root = try await fixture.prepare(wrappedIn: Self.withoutLandlock)
        let text =
            "its module can read and write every file that the daemon's user can, in `\(fixture.daemon.directory.path)`"
        #expect(try fixture.daemon.log().contains(text))
        let found = try await fixture.attack(root, wrappedIn: Self.withoutLandlock)
        for function in Self.functions { expectFilter(found[function] ?? [:]) }
        // As the log says.
        #expect(found["C_Sign"]?["database-read"]?.error == 0)
        fixture.daemon.stop()
        guard Self.hasLandlock else { return }
        let walled = try HostileFixture()
        try walled.daemon.start()
        #expect(try !walled.daemon.log().contains("its module can read"))
    }

    #if arch(x86_64)
    @Test(arguments: ["x32", "i386"])
    func `a system call of another architecture ends the worker`(architecture: String) async throws {
        let fixture = try HostileFixture(variable: "SIGNET_HOSTILE_CALL: \(architecture)")
        try fixture.daemon.start()
        await #expect(throws: (any Error).self) {
            try await fixture.daemon.client { try await $0.activeRoot() }
        }
        let found = try fixture.token.directory.text("findings")
        #expect(found.contains("C_Sign other-call 0") && !found.contains("other-call-answered"))
        #expect(try fixture.daemon.log().contains("the token worker ended unexpectedly"))
    }
    #endif

    @Test(.enabled(if: Self.isRoot, "needs root, to become another user"))
    func `a process with the daemon's own user can neither read nor trace the daemon`() throws {
        let fixture = try HostileFixture()
        for directory in [fixture.daemon.directory, fixture.token.directory] {
            try Command.output("chown", ["-R", "4000:4000", directory.path])
        }
        try fixture.daemon.start(wrappedIn: Self.asOrdinaryUser)
        let daemon = fixture.daemon.processIdentifier
        for file in ["environ", "maps", "mem", "auxv", "fd/0", "cwd/signetd.yaml"] {
            let line = Self.asOrdinaryUser + ["head", "-c", "1", "/proc/\(daemon)/\(file)"]
            #expect(try Command.run(line[0], Array(line.dropFirst())).status == 1, "\(file)")
        }
        let limits = try String(contentsOfFile: "/proc/\(daemon)/limits", encoding: .utf8)
        #expect(
            limits.split(separator: "\n").contains {
                $0.hasPrefix("Max core file size") && $0.contains(" 0 ")
            })
    }

    @Test func `a module can neither forge lines of the daemon's log nor fill it`() async throws {
        let fixture = try HostileFixture()
        try fixture.daemon.start()
        _ = try await fixture.daemon.client { try await $0.activeRoot() }
        fixture.daemon.stop()
        let log = try fixture.daemon.log()
        #expect(!log.utf8.contains(0x1B) && !log.unicodeScalars.contains("\u{202E}"))
        let lines = log.utf8.split(separator: UInt8(ascii: "\n"))
        let forged = lines.filter { $0.starts(with: "2026-11-29T12:00:00+0000 critical".utf8) }
        #expect(forged.isEmpty)
        // Two functions wrote two hundred lines each, and one worker may write twenty a minute.
        let written = lines.filter { String(decoding: $0, as: UTF8.self).contains("forged line") }
        #expect(written.count == 20, "\(log)")
        #expect(
            written.first.map { String(decoding: $0, as: UTF8.self) }?.contains(
                "forged line\\u{1B}[2J\\u{D}\\u{202E}") == true)
    }

    @Test(.enabled(if: Self.isRoot, "needs root"))
    func `the API refuses a worker that may create sockets`() async throws {
        let fixture = try HostileFixture(sockets: "unix-sockets: true\nnetwork: true")
        let root = try await fixture.prepare()
        let found = try await fixture.attack(root)
        for function in Self.functions {
            expectFilter(found[function] ?? [:], hasSockets: true)
            expectRefused(found[function] ?? [:], ["socket-vsock"], with: EAFNOSUPPORT)
            for socket in ["socket-unix", "socket-inet", "socket-inet6", "socket-netlink"] {
                #expect(found[function]?[socket]?.error == 0, "\(socket)")
            }
        }
        for way in ["api", "health"] {
            let answer = try #require(found["C_Sign"]?[way])
            #expect(answer.error == 0 && !answer.text.contains("200 OK"), "\(answer)")
            #expect(answer.text.contains("AccessDenied"), "\(answer)")
        }
        // Only its process identifier distinguishes a sandboxed worker, and the test's own user is an
        // administrator.
        #expect(try fixture.daemon.signet(["ca", "list"]).status == 0)
        let event = try fixture.daemon.events().last { $0["errorCode"] as? String == "AccessDeniedException" }
        #expect(
            (event?["errorMessage"] as? String)?.contains("token worker of this daemon") == true,
            "\(String(describing: event))")
        #expect(try fixture.daemon.log().contains("has `unix-sockets` and the token has no `worker-user`"))
        try fixture.expectDaemonIsWell()
    }
}
