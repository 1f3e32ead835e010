import Foundation
import LocalCertificates
import TestSupport
import Testing

/// The certificate of a service in its files, with an authority in the test's own process.
struct LocalCertificateTests {
    @Test(arguments: LocalKey.Kind.allCases)
    func `OpenSSL takes the key, the certificate and the chain without the root`(_ kind: LocalKey.Kind)
        async throws
    {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate(new: kind)))
        #expect(try host.mode(host.path) == 0o644)
        #expect(try host.mode(host.key) == 0o600)
        try host.directory.write("root.pem", try host.authority.rootPEM)
        try Command.output(
            "openssl",
            [
                "verify", "-CAfile", host.directory.path("root.pem"), "-untrusted", host.path,
                "-verify_hostname", "www.example.com", host.path,
            ])
        let inCertificate = try Command.output("openssl", ["x509", "-in", host.path, "-noout", "-pubkey"])
        let inKey = try Command.output("openssl", ["pkey", "-in", host.key, "-pubout"])
        #expect(inCertificate == inKey)
        let blocks = try host.directory.text("tls.pem").matches(of: /BEGIN CERTIFICATE/).count
        #expect(blocks == 2)
    }

    @Test func `a good certificate is left alone, and one that ends soon is not`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate(renewBefore: 600)))
        let before = try host.files()
        #expect(try await !host.renew(host.certificate(renewBefore: 600)))
        #expect(try host.files() == before)
        #expect(try await host.renew(host.certificate(renewBefore: 4000)))
        let after = try host.files()
        #expect(after["tls.pem"] != before["tls.pem"] && after["tls.key"] != before["tls.key"])
        // Without a time it is always due.
        #expect(try await host.renew(host.certificate()))
    }

    @Test func `a commonName with signs of its own is found again`() async throws {
        let host = try ServiceHost()
        let certificate = LocalCertificate(
            path: host.path,
            request: .names(
                RequestedNames(commonName: "Example, \"Inc.\" + <a>", dnsNames: ["www.example.com"]),
                key: host.key,
                new: .ec),
            isFullChain: true, renewBefore: 600, reload: nil)
        #expect(try await host.renew(certificate))
        #expect(try await !host.renew(certificate))
    }

    @Test func `a certificate for another key or without a name is due`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate(renewBefore: 600)))
        let more = ["www.example.com", "mail.example.com"]
        #expect(try await host.renew(host.certificate(more, renewBefore: 600)))
        #expect(try await !host.renew(host.certificate(["MAIL.example.com"], renewBefore: 600)))
        try Command.output(
            "openssl",
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", host.key])
        let key = try host.files()["tls.key"]
        #expect(try await host.renew(host.certificate(more, new: nil, renewBefore: 600)))
        #expect(try host.files()["tls.key"] == key)
        #expect(try await !host.renew(host.certificate(more, new: nil, renewBefore: 600)))
        for damage in [
            "", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            try host.directory.write("tls.pem", damage)
            #expect(try await host.renew(host.certificate(more, new: nil, renewBefore: 600)))
        }
    }

    @Test func `a certificate of another authority is due`() async throws {
        let host = try ServiceHost()
        let certificate = host.certificate(renewBefore: 600)
        func isRenewed(_ authority: IssuingAuthority?) async throws -> Bool {
            let outcome = try await certificate.renew(at: .now, patience: .zero, authority: { authority }) {
                try host.authority.issue($0, seconds: 3600)
            }
            if case .renewed = outcome { return true } else { return false }
        }
        func authority(_ certificate: String) throws -> IssuingAuthority {
            let authority = IssuingAuthority(certificate: certificate)
            return try #require(authority)
        }
        let own = try authority(host.authority.intermediatePEM)
        #expect(try await isRenewed(own))
        #expect(try await !isRenewed(own))
        #expect(try await !isRenewed(authority(host.authority.newerPEM)))
        #expect(try await !isRenewed(nil))
        // One of another name and key, the same name with another key, and another name.
        let others = [
            try TestAuthority(intermediateName: "Other").intermediatePEM, try TestAuthority().intermediatePEM,
            try host.authority.rootPEM,
        ]
        for other in others {
            #expect(try await isRenewed(authority(other)))
        }
        for text in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            #expect(IssuingAuthority(certificate: text) == nil)
        }
    }

    @Test func `a certificate without a name of a request from the caller is due`() async throws {
        var host = try ServiceHost()
        try Command.output(
            "openssl",
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", host.key])
        func certificate(_ subject: String, _ names: String?, comparesNames: Bool = true) throws
            -> LocalCertificate
        {
            let request = try Command.output(
                "openssl",
                ["req", "-new", "-key", host.key, "-subj", subject]
                    + (names.map { ["-addext", "subjectAltName=\($0)"] } ?? []))
            return LocalCertificate(
                path: host.path, request: .made(Array(request.utf8), comparesNames: comparesNames),
                isFullChain: true, renewBefore: 600, reload: nil)
        }
        let requests: [(subject: String, names: String?, isDue: Bool)] = [
            ("/CN=a", "DNS:a.example.com", true), ("/CN=a", "DNS:a.example.com", false),
            ("/CN=a", "DNS:A.example.com", false), ("/CN=a", nil, false),
            ("/CN=a", "DNS:a.example.com,DNS:b.example.com", true), ("/CN=a", "DNS:b.example.com", false),
            ("/CN=b", "DNS:b.example.com", true), ("/", "DNS:b.example.com", false),
            ("/CN=b", "IP:192.0.2.1", true), ("/CN=b", "IP:192.0.2.2", true),
        ]
        for (subject, names, isDue) in requests {
            #expect(
                try await host.renew(certificate(subject, names)) == isDue, "\(subject) \(names ?? "-")")
        }
        #expect(try await !host.renew(certificate("/CN=c", "DNS:c.example.com", comparesNames: false)))
        let before = try host.files()
        host.authority.ignoresNames = true
        let failure = await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.renew(certificate("/CN=b", "DNS:d.example.com"))
        }
        #expect(failure?.description.contains("lacks names of the request") == true)
        #expect(try host.files() == before)
    }

    @Test func `mode and link of a file stay as they are`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("chmod", ["640", host.path, host.key])
        try Command.output("mv", [host.path, host.directory.path("elsewhere.pem")])
        try Command.output("ln", ["--symbolic", "elsewhere.pem", host.path])
        let before = try host.files()
        #expect(try await host.renew(host.certificate()))
        #expect(try host.files()["elsewhere.pem"] != before["elsewhere.pem"])
        #expect(try host.mode(host.directory.path("elsewhere.pem")) == 0o640)
        #expect(try host.mode(host.key) == 0o640)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: host.path) == "elsewhere.pem")
    }

    @Test func `a refusal and a certificate without the names change nothing`() async throws {
        var host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        let before = try host.files()
        await #expect(throws: CancellationError.self) {
            _ = try await host.certificate().renew(at: .now) { _ in throw CancellationError() }
        }
        #expect(try host.files() == before)
        host.authority.ignoresNames = true
        let failure = await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.renew(host.certificate())
        }
        #expect(failure?.description.contains("lacks names of the request") == true)
        #expect(try host.files() == before)
    }

    @Test func `a reload command that fails puts both files back`() async throws {
        let host = try ServiceHost()
        let failure = await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.renew(host.certificate(reload: "exit 3"))
        }
        #expect(
            failure?.description
                == "the reload command `exit 3` ended with status 3; the files are as they were")
        #expect(try host.files().isEmpty)
        let mark = host.directory.path("reloaded")
        #expect(try await host.renew(host.certificate(reload: "cp '\(host.path)' '\(mark)'")))
        #expect(try host.files()["reloaded"] == host.files()["tls.pem"])
        let before = try host.files()
        await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.renew(host.certificate(reload: "kill -9 $$"))
        }
        #expect(try host.files() == before)
    }

    @Test func `a directory in the place of the key is refused`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("rm", [host.key])
        try Command.output("mkdir", [host.key])
        let before = try Data(contentsOf: host.directory.url("tls.pem"))
        let failure = await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.renew(host.certificate())
        }
        #expect(failure?.description.contains("tls.key") == true, "\(failure?.description ?? "")")
        #expect(try Data(contentsOf: host.directory.url("tls.pem")) == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: host.directory.path)
        #expect(names.sorted() == [".signet.lock", "tls.key", "tls.pem"])
    }

    @Test func `a key file that is missing, encrypted or no key is named`() async throws {
        let host = try ServiceHost()
        func reason() async -> LocalCertificateFailure? {
            await #expect(throws: LocalCertificateFailure.self) {
                _ = try await host.renew(host.certificate(new: nil))
            }
        }
        let missing = await reason()
        #expect(missing?.kind == .notFound && missing?.description.contains(host.key) == true)
        try host.directory.write("tls.key", "no key")
        #expect(await reason()?.description.contains(host.key) == true)
        try Command.output(
            "openssl", ["genpkey", "-algorithm", "RSA", "-aes256", "-pass", "pass:secret", "-out", host.key])
        #expect(await reason()?.description.contains("unencrypted") == true)
        #expect(!FileManager.default.fileExists(atPath: host.path))
    }

    @Test func `two processes that renew one file take turns`() async throws {
        let host = try ServiceHost()
        let certificate = host.certificate(renewBefore: 600)
        let issued = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let outcome = try await certificate.renew(at: .now, patience: .seconds(60)) {
                        try host.authority.issue($0, seconds: 3600)
                    }
                    if case .renewed = outcome { return true } else { return false }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(issued == 1)
        // While another one has the lock.
        let outcome = try await host.certificate().renew(at: .now) { request in
            let failure = await #expect(throws: LocalCertificateFailure.self) {
                _ = try await host.renew(certificate)
            }
            #expect(failure?.kind == .busy)
            return try host.authority.issue(request, seconds: 3600)
        }
        guard case .renewed = outcome else {
            Issue.record("the certificate was not renewed")
            return
        }
    }
}
