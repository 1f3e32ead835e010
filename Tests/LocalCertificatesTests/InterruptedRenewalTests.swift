import Foundation
import LocalCertificates
import TestSupport
import Testing

/// A renewal that was ended, and a reload that does not end as it should.
struct InterruptedRenewalTests {
    private static func outcome(_ host: ServiceHost, _ certificate: LocalCertificate) async throws -> String {
        switch try await certificate.renew(
            at: .now, patience: .zero, issue: { try host.authority.issue($0, seconds: 3600) })
        {
        case .nothingToDo: "nothing to do"
        case .renewed: "renewed"
        case .reloaded: "reloaded"
        }
    }

    @Test func `a service that was not reloaded is reloaded the next time`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate(renewBefore: 600)))
        // As a process leaves it that was ended during the reload.
        try host.directory.write(".tls.pem.reload", "")
        let mark = host.directory.path("reloaded")
        let certificate = host.certificate(renewBefore: 600, reload: "touch '\(mark)'")
        #expect(try await Self.outcome(host, certificate) == "reloaded")
        #expect(FileManager.default.fileExists(atPath: mark))
        #expect(try await Self.outcome(host, certificate) == "nothing to do")
        #expect(try host.files().keys.sorted() == ["reloaded", "tls.key", "tls.pem"])
    }

    @Test func `a key whose certificate was written already gets its name`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate(renewBefore: 600)))
        let key = try host.files()["tls.key"]
        // As a process leaves it that was ended between the two names.
        try Command.output("mv", [host.key, host.directory.path(".tls.key.unfinished")])
        try Command.output(
            "openssl",
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", host.key])
        #expect(try await Self.outcome(host, host.certificate(renewBefore: 600)) == "nothing to do")
        #expect(try host.files()["tls.key"] == key)
    }

    @Test func `a reload that leaves a process behind is not waited for longer`() async throws {
        let host = try ServiceHost()
        let start = ContinuousClock.now
        #expect(try await host.renew(host.certificate(reload: "sleep 100 &")))
        #expect(ContinuousClock.now - start < .seconds(90))
    }

    @Test func `a reload that destroys the file and fails is undone with owner and mode`() async throws {
        let host = try ServiceHost()
        #expect(try await host.renew(host.certificate()))
        try Command.output("chmod", ["0640", host.path])
        let before = try host.files()
        await #expect(throws: LocalCertificateFailure.self) {
            _ = try await host.renew(host.certificate(reload: "rm '\(host.path)' '\(host.key)'; exit 1"))
        }
        #expect(try host.files() == before)
        #expect(try host.mode(host.path) == 0o640)
    }

    @Test func `a certificate that the service signed for itself is replaced`() async throws {
        let host = try ServiceHost()
        try Command.output(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                host.key, "-out", host.path, "-days", "3650", "-subj", "/CN=www.example.com", "-addext",
                "subjectAltName=DNS:www.example.com",
            ])
        #expect(try await Self.outcome(host, host.certificate(new: nil, renewBefore: 600)) == "renewed")
    }

    @Test func `an intermediate with the name of its root is not taken for the root`() async throws {
        let authority = try TestAuthority(intermediateName: "Root")
        let issued = try authority.issue(
            try LocalCertificate(
                path: "",
                request: .names(RequestedNames(dnsNames: ["a.example.com"]), key: "/nonexistent", new: .ec),
                isFullChain: true, renewBefore: nil, reload: nil
            ).certificationRequest(), seconds: 60)
        #expect(issued.served.count == 2)
    }
}
