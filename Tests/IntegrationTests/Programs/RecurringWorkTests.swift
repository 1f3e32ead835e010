import APIClient
import Foundation
import TestSupport
import Testing

/// The steps of Docs/Operations.md, "Recurring work".
struct RecurringWorkTests {
    @Test func `programs are replaced while the daemon runs, and a restart takes the new ones`() async throws
    {
        let daemon = try Daemon()
        let programs = daemon.directory.path("bin")
        try Command.output("mkdir", [programs])
        func install(_ names: [String]) throws {
            try Command.output("install", ["-m", "0755"] + names.map { Products.path($0) } + [programs])
        }
        try install(["signetd", "signet-token-worker"])
        let yaml = try daemon.directory.text("signetd.yaml")
        try daemon.directory.write(
            "signetd.yaml",
            yaml.replacing(Products.path("signet-token-worker"), with: "\(programs)/signet-token-worker"))
        let isStarted = [programs + "/signetd", "--config", daemon.directory.path("signetd.yaml")]
        try daemon.start(wrappedIn: ["sh", "-c", "exec \(isStarted.joined(separator: " "))", "sh"])
        let root = try await daemon.client { try await $0.activeRoot() }
        let copied = try Command.run("cp", [Products.path("signetd"), programs + "/signetd"])
        #expect(copied.status != 0 && copied.errors.contains("Text file busy"), "\(copied)")
        let backup = daemon.directory.path("before-upgrade")
        try Command.run(
            programs + "/signetd", ["backup", backup, "--config", daemon.directory.path("signetd.yaml")]
        ).require()
        try install(["signetd", "signet-token-worker"])
        try Command.run(
            programs + "/signetd", ["--config", daemon.directory.path("signetd.yaml"), "--check"]
        ).require()
        #expect(daemon.stop() == 0)
        try daemon.start(wrappedIn: ["sh", "-c", "exec \(isStarted.joined(separator: " "))", "sh"])
        let csr = try OpenSSLRequest.make()
        _ = try await daemon.client { try await $0.issue(csr, by: root) }
        #expect(daemon.stop() == 0)
    }

    @Test func `services move to the next authority by its tag`() async throws {
        let fixture = try await ServiceFixture()
        func signet(_ arguments: [String]) throws -> Command { try fixture.daemon.signet(arguments) }
        try signet(["ca", "tag", "Example Issuing CA", "purpose=web"]).require()
        try fixture.renew(ca: "tag:purpose=web").require()
        func issuer() throws -> String {
            try Command.output("openssl", ["x509", "-noout", "-issuer", "-in", fixture.certificate])
        }
        #expect(try issuer().contains("Example Issuing CA"))
        let new = try signet([
            "ca", "create", "--subordinate", "--subject", "CN=Example Issuing CA 2,O=Example,C=SE",
            "--parent",
            "Root EC_prime256v1", "--activate",
        ])
        try new.require()
        try signet(["ca", "untag", "Example Issuing CA", "purpose=web"]).require()
        let arn = new.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try signet(["ca", "tag", arn, "purpose=web"]).require()
        try fixture.renew(ca: "tag:purpose=web").require()
        #expect(try issuer().contains("Example Issuing CA 2"))
        try Command.output(
            "openssl",
            [
                "verify", "-CAfile", fixture.host.path("root.pem"), "-untrusted", fixture.certificate,
                fixture.certificate,
            ])
        #expect(fixture.daemon.stop() == 0)
    }
}
