import Foundation
import LocalCertificates
import TestSupport
import Testing

/// Files, links and directories that a renewal must not use.
struct HostilePlaceTests {
    private static func failure(
        _ host: ServiceHost, _ certificate: LocalCertificate
    ) async throws -> LocalCertificateFailure? {
        await #expect(throws: LocalCertificateFailure.self) { _ = try await host.renew(certificate) }
    }

    @Test func `a certificate does not replace a private key`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("ln", ["--symbolic", "tls.key", host.directory.path("link.pem")])
        try Command.output("cp", [host.key, host.directory.path("other.key")])
        let before = try host.files()
        for name in ["tls.key", "link.pem", "other.key"] {
            for kind in [LocalKey.Kind.ec, nil] {
                let certificate = LocalCertificate(
                    path: host.directory.path(name),
                    request: .names(RequestedNames(dnsNames: ["www.example.com"]), key: host.key, new: kind),
                    isFullChain: true, renewBefore: nil, reload: nil)
                let failure = try await Self.failure(host, certificate)
                #expect(failure?.kind == .usage, "\(name): \(failure?.description ?? "")")
                #expect(try host.files() == before, "\(name)")
            }
        }
        // Neither is there yet.
        let new = LocalCertificate(
            path: host.directory.path("new"),
            request: .names(
                RequestedNames(dnsNames: ["www.example.com"]), key: host.directory.path("./new"), new: .ec),
            isFullChain: true, renewBefore: nil, reload: nil)
        #expect(try await Self.failure(host, new)?.description.contains("file of the key too") == true)
    }

    @Test func `a directory that others can write is refused, also with the sticky bit`() async throws {
        let host = try ServiceHost()
        for mode in ["0777", "1777", "0770"] {
            try Command.output("chmod", [mode, host.directory.path])
            let failure = try await Self.failure(host, host.certificate())
            #expect(
                failure?.kind == .denied && failure?.description.contains("others can write") == true,
                "\(mode)")
            #expect(try host.files().isEmpty)
        }
        try Command.output("chmod", ["0755", host.directory.path])
        #expect(try await host.renew(host.certificate()))
    }

    @Test(arguments: ["directory", "pipe", "device", "dangling link"])
    func `what is no regular file is refused before a certificate is asked for`(_ kind: String) async throws {
        let host = try ServiceHost()
        switch kind {
        case "directory": try Command.output("mkdir", [host.path])
        case "pipe": try Command.output("mkfifo", [host.path])
        case "device": try Command.output("ln", ["--symbolic", "/dev/null", host.path])
        default: try Command.output("ln", ["--symbolic", "nowhere", host.path])
        }
        let failure = await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.certificate().renew(at: .now) { _ in
                Issue.record("a certificate was asked for")
                throw CancellationError()
            }
        }
        #expect(failure?.kind == .usage, "\(failure?.description ?? "")")
    }

    @Test func `a path goes where the kernel leads it`() async throws {
        let host = try ServiceHost()
        try Command.output("mkdir", ["--parents", host.directory.path("deep/in")])
        try Command.output("ln", ["--symbolic", "deep/in", host.directory.path("link")])
        let certificate = LocalCertificate(
            path: host.directory.path + "/link/../dot.pem",
            request: .names(RequestedNames(dnsNames: ["www.example.com"]), key: host.key, new: .ec),
            isFullChain: true, renewBefore: nil, reload: nil)
        #expect(try await host.renew(certificate))
        #expect(FileManager.default.fileExists(atPath: host.directory.path("deep/dot.pem")))
        #expect(!FileManager.default.fileExists(atPath: host.directory.path("dot.pem")))
    }

    @Test(.enabled(if: geteuid() == 0, "links and directories of another user need root"))
    func `root follows no link of another user and writes in no directory of one`() async throws {
        let host = try ServiceHost()
        try host.directory.write("victim", "root's own")
        try Command.output("ln", ["--symbolic", "victim", host.path])
        try Command.output("chown", ["--no-dereference", "4000", host.path])
        let linked = try await Self.failure(host, host.certificate())
        #expect(linked?.kind == .denied && linked?.description.contains("the link") == true)
        #expect(try host.directory.text("victim") == "root's own")
        try Command.output("rm", [host.path])
        try Command.output("chown", ["4000", host.directory.path])
        let owned = try await Self.failure(host, host.certificate())
        #expect(owned?.kind == .denied && owned?.description.contains("belongs to uid 4000") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "keeping another owner needs root"))
    func `root keeps the owner of a file in a directory of its own`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("chown", ["4000:4001", host.path, host.key])
        #expect(try await host.renew(host.certificate()))
        #expect(
            try Command.output("stat", ["--format", "%u:%g %a", host.path, host.key])
                == "4000:4001 644\n4000:4001 600\n")
    }

    @Test func `a new key is not readable for every user, even where the old one was`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("chmod", ["0644", host.key])
        #expect(try await host.renew(host.certificate()))
        #expect(try host.mode(host.key) == 0o640)
    }

    @Test func `a sticky directory is refused by every path that leads to it`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("mkdir", [host.directory.path("mine")])
        try Command.output("ln", ["--symbolic", "..", host.directory.path("mine/up")])
        try Command.output("chmod", ["1777", host.directory.path])
        for path in ["mine/../tls.pem", "mine/up/tls.pem", "./tls.pem", "mine/../new.pem"] {
            let certificate = LocalCertificate(
                path: host.directory.path + "/" + path,
                request: .names(RequestedNames(dnsNames: ["www.example.com"]), key: host.key, new: nil),
                isFullChain: true, renewBefore: nil, reload: nil)
            let failure = try await Self.failure(host, certificate)
            #expect(failure?.kind == .denied, "\(path): \(failure?.description ?? "renewed")")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "a directory of another group needs root"))
    func `a key keeps its group in a directory that gives files its own`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("chmod", ["0640", host.key])
        try Command.output("chgrp", ["4001", host.directory.path])
        try Command.output("chmod", ["2750", host.directory.path])
        #expect(try await host.renew(host.certificate()))
        #expect(try Command.output("stat", ["--format", "%g %a", host.key]) == "0 640\n")
    }

    @Test func `a file with an access control list is not replaced, and a new one gets none`() async throws {
        let host = try ServiceHost()
        // What new files of the directory would give another user.
        try Command.output("setfacl", ["--default", "--modify", "user:4000:r", host.directory.path])
        #expect(try await host.renew(host.certificate()))
        for file in [host.path, host.key] {
            let list = try Command.output("getfacl", ["--omit-header", "--absolute-names", file])
            #expect(!list.contains("4000"), "\(list)")
        }
        try Command.output("setfacl", ["--modify", "user:4000:r", host.key])
        let before = try host.files()
        let failure = await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.certificate().renew(at: .now) { _ in
                Issue.record("a certificate was asked for")
                throw CancellationError()
            }
        }
        #expect(failure?.kind == .denied && failure?.description.contains("access control list") == true)
        #expect(try host.files() == before)
    }
}
