import APIClient
import Foundation
import TestSupport
import WireAPI

/// A chain of authorities, two certificates of the last one, of which one is revoked, and the files that relying
/// parties read: `cas.pem` (all authorities), `root.pem`, `crls.pem` (`signet crl bundle`), `good.pem` and
/// `revoked.pem` with `.key`, and `NUMBER.ca.pem` and `NUMBER.crl.pem` from the root down.
struct RevocationLab {
    let daemon: Daemon
    let files: TemporaryDirectory
    /// The number of authorities.
    let tiers: Int
    /// The ARN of the last one.
    let issuing: String
    /// Nil for authorities without OCSP.
    let responder: Responder?

    /// - Parameters:
    ///   - tiers: 2 for a root and an issuing authority
    ///   - hasOCSP: whether certificates name an OCSP responder, which runs
    ///   - settings: YAML of `revocation.ocsp`
    init(tiers: Int, hasOCSP: Bool = false, ocsp settings: String = "{}") async throws {
        daemon = try Daemon()
        files = try TemporaryDirectory()
        self.tiers = tiers
        try daemon.extend("revocation: {url: \"http://crl.example.test\", ocsp: \(settings)}")
        try daemon.start()
        responder = hasOCSP ? try Responder(of: daemon, options: ["--live-per-second", "0"]) : nil
        var arns: [String] = []
        for tier in 0..<tiers {
            let kind =
                tier == 0
                ? ["--root"]
                : ["--subordinate", "--parent", arns[tier - 1], "--path-length", "\(tiers - 1 - tier)"]
            let created = try daemon.signet(
                ["ca", "create", "--subject", "CN=CA \(tier)", "--activate"] + kind)
            try created.require()
            let arn = created.output.trimmingCharacters(in: .newlines)
            arns.append(arn)
            if let responder {
                try daemon.signet([
                    "ca", "update", arn, "--ocsp", "--ocsp-host", "127.0.0.1:\(responder.port)",
                ]).require()
            }
        }
        issuing = arns[tiers - 1]
        try daemon.signet(["ca", "update", issuing, "--crl-days", "7"]).require()
        for name in ["good", "revoked"] {
            try daemon.signet([
                "certificate", "issue", "--ca", issuing, "--key", files.path("\(name).key"), "--new-key",
                "ec",
                "--dns", "localhost", "--common-name", name, "--days", "30", "--output",
                files.path("\(name).pem"), "--full-chain",
            ]).require()
        }
        try await Self.revoke("revoked", files, daemon, issuing)
        try Self.write(arns, files, daemon)
        if responder != nil {
            for tier in 1..<tiers { try await answers("\(tier).ca", issuer: "\(tier - 1).ca") }
            try await answers("good", issuer: "\(tiers - 1).ca")
        }
    }

    /// Returns when the responder answers about a certificate: its key and its certificate are made in the
    /// background.
    private func answers(_ name: String, issuer: String) async throws {
        let limit = ContinuousClock.now + .seconds(120)
        while true {
            let check = try Command.run(
                Products.path("signet"),
                ["ocsp", "check", files.path("\(name).pem"), "--issuer", files.path("\(issuer).pem")])
            if check.status == 0 { return }
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "\(check) \(try daemon.log())")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Revokes a certificate, and returns when the CRL has it.
    private static func revoke(
        _ name: String, _ files: TemporaryDirectory, _ daemon: Daemon, _ issuing: String
    ) async throws {
        let serial =
            try Command.output(
                "openssl", ["x509", "-noout", "-serial", "-in", files.path("\(name).pem")]
            ).split(separator: "=").last.map { $0.trimmingCharacters(in: .newlines) } ?? ""
        try daemon.signet(["certificate", "revoke", serial, "--reason", "key-compromise", "--yes"]).require()
        let limit = ContinuousClock.now + .seconds(60)
        while try !daemon.signet(["crl", "show", "--ca", issuing]).output.contains(serial.lowercased()) {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "no CRL has \(serial): \(try daemon.log())")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func write(_ arns: [String], _ files: TemporaryDirectory, _ daemon: Daemon) throws {
        var all = ""
        for (number, arn) in arns.enumerated() {
            let certificate = try daemon.signet(["ca", "certificate", arn]).output
            try files.write("\(number).ca.pem", certificate)
            try files.write("\(number).crl.pem", try daemon.signet(["crl", "get", arn]).output)
            all = certificate + all
        }
        try files.write("cas.pem", all)
        try files.write("root.pem", try files.text("0.ca.pem"))
        try daemon.signet([
            "crl", "bundle", "--ca", arns[arns.count - 1], "--output", files.path("crls.pem"),
        ]).require()
        // The names of the document's examples. Several servers read them at once.
        try files.write("clients.pem", try files.text("cas.pem"))
        try files.write("clients.crl", try files.text("crls.pem"))
    }
}
