import Foundation
import TestSupport
import Testing

/// `signet` checks which user serves the socket before it sends anything. These tests need root to act as
/// several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct FalseDaemonTests {
    /// Listens on a socket as another user until the test ends, and never answers.
    private func serve(_ path: String, uid: Int) throws -> ChildProcess {
        let (input, output) = (Pipe(), Pipe())
        let process = try ChildProcess(
            "setpriv",
            [
                "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "/usr/bin/python3", "-c",
                """
                import os, socket, sys
                s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); os.chmod(sys.argv[1], 0o666)
                print("ready", flush=True); sys.stdin.read()
                """, path,
            ], input: .pipe(input), output: .pipe(output))
        #expect(output.nextLine() == "ready")
        return process
    }

    private func list(_ path: String) throws -> Command {
        try Command.run(Products.path("signet"), ["ca", "list"], environment: ["SIGNET_SOCKET": path])
    }

    @Test func `a socket that another user made in a directory like /tmp is not trusted`() throws {
        let place = try TemporaryDirectory()
        try FileManager.default.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: place.path(""))
        let process = try serve(place.path("s"), uid: 3999)
        defer { process.terminate() }
        let answer = try list(place.path("s"))
        #expect(answer.status != 0)
        #expect(answer.errors.contains("belongs to uid 3999"), "\(answer.errors)")
        #expect(answer.errors.contains("nothing was sent"), "\(answer.errors)")
    }

    @Test func `a directory that other users can write, and a link of another user, are not trusted`() throws
    {
        let place = try TemporaryDirectory()
        let open = place.path("open")
        try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open)
        let process = try serve("\(open)/s", uid: 3999)
        defer { process.terminate() }
        let answer = try list("\(open)/s")
        #expect(answer.errors.contains("others can write the directory"), "\(answer.errors)")

        let own = place.path("own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: place.path("link"), withDestinationPath: own)
        lchown(place.path("link"), 3999, 3999)
        let linked = try list(place.path("link/s"))
        // No process listens there, and that is reported first.
        #expect(linked.status != 0)
        try Data().write(to: URL(fileURLWithPath: own + "/s"))
        let withFile = try list(place.path("link/s"))
        #expect(withFile.errors.contains("link` belongs to uid 3999"), "\(withFile.errors)")
    }

    @Test func `a daemon of the caller's own user is trusted in that user's directory`() throws {
        let place = try TemporaryDirectory()
        let run = place.path("run")
        try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path(""))
        chown(run, 3999, 3999)
        let process = try serve("\(run)/s", uid: 3999)
        defer { process.terminate() }
        let probe = try Command.run(
            "timeout", ["5", Products.path("signet"), "ca", "list"],
            environment: ["SIGNET_SOCKET": "\(run)/s"])
        // The request was sent, and got no answer.
        #expect(probe.status == 124, "\(probe.errors)")
    }
}
