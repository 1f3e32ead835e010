import APIClient
import Foundation
import TestSupport
import Testing
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
    /// How many CRLs the last one's is divided into; nil for a complete one.
    let partitions: Int?
    /// Nil for authorities without OCSP.
    let responder: Responder?

    /// - Parameters:
    ///   - tiers: 2 for a root and an issuing authority
    ///   - hasOCSP: whether certificates name an OCSP responder, which runs
    ///   - partitions: how many CRLs the last authority's is divided into; the two certificates are in different
    ///     ones
    ///   - settings: YAML of `revocation.ocsp`
    init(
        tiers: Int, hasOCSP: Bool = false, partitions: Int? = nil, ocsp settings: String = "{}"
    ) async throws {
        self.partitions = partitions
        daemon = try Daemon()
        files = try TemporaryDirectory()
        self.tiers = tiers
        try daemon.extend(
            "revocation: {url: \"http://crl.example.test\", crl-partitions: \(partitions ?? 32), ocsp: \(settings)}"
        )
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
        let type = partitions == nil ? "complete" : "partitioned"
        try daemon.signet(["ca", "update", issuing, "--crl-days", "7", "--crl-type", type]).require()
        repeat {
            for name in ["good", "revoked"] { try issue(name) }
        } while try partitions != nil && partition(of: "good") == partition(of: "revoked")
        try await Self.revoke("revoked", files, daemon, issuing)
        if partitions != nil { try await makeAnotherPartitionNewer() }
        try Self.write(arns, files, daemon)
        if responder != nil {
            for tier in 1..<tiers { try await answers("\(tier).ca", issuer: "\(tier - 1).ca") }
            try await answers("good", issuer: "\(tiers - 1).ca")
        }
    }

    private func issue(_ name: String) throws {
        try daemon.signet([
            "certificate", "issue", "--ca", issuing, "--key", files.path("\(name).key"), "--new-key", "ec",
            "--dns", "localhost", "--common-name", name, "--days", "30", "--output",
            files.path("\(name).pem"), "--full-chain",
        ]).require()
    }

    /// Revokes certificates of other partitions until the CRL of one is newer than that of the revoked
    /// certificate: some programs keep only the newest CRL of an authority.
    private func makeAnotherPartitionNewer() async throws {
        let oldest = try partition(of: "revoked")
        let limit = ContinuousClock.now + .seconds(60)
        while try thisUpdate(of: oldest) >= (0..<(partitions ?? 0)).map({
            try thisUpdate(of: "crl/\(issuing.suffix(36))/\($0).crl")
        }).max() ?? 0 {
            guard ContinuousClock.now < limit else { throw CommandFailure(description: "no CRL is newer") }
            try issue("newer")
            if try partition(of: "newer") != oldest {
                try await Self.revoke("newer", files, daemon, issuing)
            }
        }
    }

    /// In seconds since 1970; 0 for a CRL that is not there yet.
    private func thisUpdate(of path: String) throws -> Int {
        let file = daemon.directory.path("published/\(path)")
        guard FileManager.default.fileExists(atPath: file) else { return 0 }
        let text = try Command.output(
            "openssl", ["crl", "-noout", "-lastupdate", "-inform", "DER", "-in", file])
        let date = try Command.output("date", ["+%s", "-d", String(text.dropFirst("lastUpdate=".count))])
        return try #require(Int(date.trimmingCharacters(in: .newlines)))
    }

    /// The path of the CRL that a certificate names, below the directory of published files.
    private func partition(of name: String) throws -> String {
        let text = try Command.output(
            "openssl", ["x509", "-noout", "-ext", "crlDistributionPoints", "-in", files.path("\(name).pem")])
        return try #require(
            text.firstMatch(of: /URI:http:\/\/crl.example.test\/(crl\/\S+)/).map { String($0.1) })
    }

    /// Which of an authority's CRLs a relying party has.
    enum Lists: String, CaseIterable {
        /// That of the certificate's partition.
        case own
        /// Those of all partitions: first the revoked certificate's, and last the good one's; and the other way
        /// round.
        case all, reversed
        /// That of another partition alone.
        case other
        case complete
    }

    /// The same certificates beside these CRLs of the last authority.
    func with(_ lists: Lists, for name: String) throws -> RevocationLab {
        let copy = RevocationLab(copying: self, try TemporaryDirectory())
        try Command.output(
            "sh", ["-c", "cp \"$0\"/*.pem \"$0\"/*.key \"$1\"", files.path(""), copy.files.path("")])
        let (good, revoked) = (try partition(of: "good"), try partition(of: "revoked"))
        let number = tiers - 1
        var paths: [String]
        switch lists {
        case .complete:
            for name in ["crls.pem", "clients.crl"] {
                try copy.files.write(name, try files.text("crls.pem"))
            }
            return copy
        case .own: paths = [try partition(of: name)]
        case .other: paths = [name == "good" ? revoked : good]
        case .all, .reversed:
            let id = issuing.suffix(36)
            paths = (0..<(partitions ?? 0)).map { "crl/\(id)/\($0).crl" }.filter {
                $0 != good && $0 != revoked
            }
            paths = [revoked] + paths + [good]
            if lists == .reversed { paths.reverse() }
        }
        let texts = try paths.map {
            try Command.output(
                "openssl", ["crl", "-inform", "DER", "-in", daemon.directory.path("published/\($0)")])
        }
        try copy.files.write("\(number).crl.pem", texts.joined())
        let all = try (0..<tiers).map { try copy.files.text("\($0).crl.pem") }.reversed().joined()
        for name in ["crls.pem", "clients.crl"] { try copy.files.write(name, all) }
        return copy
    }

    private init(copying lab: RevocationLab, _ files: TemporaryDirectory) {
        self.files = files
        (daemon, tiers, issuing) = (lab.daemon, lab.tiers, lab.issuing)
        (partitions, responder) = (lab.partitions, lab.responder)
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
