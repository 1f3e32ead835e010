import APIClient
import Foundation
import TestSupport
import WireAPI

/// A daemon with a root and an issuing authority, and the directory of a service.
struct ServiceFixture {
    let daemon: Daemon
    let root: String
    let issuing: String
    let host: TemporaryDirectory
    var certificate: String { host.path("web.pem") }
    var key: String { host.path("web.key") }

    init(principals: String? = nil, policies: [String: String] = [:]) async throws {
        let daemon = try Daemon(principals: principals, policies: policies)
        try daemon.start()
        (root, issuing) = try await daemon.client { client in
            let root = try await client.activeRoot()
            let issuing = try await client.createAuthority("SUBORDINATE", commonName: "Example Issuing CA")
            try await client.activate(issuing, by: root, template: "SubordinateCACertificate_PathLen0/V1")
            return (root, issuing)
        }
        self.daemon = daemon
        host = try TemporaryDirectory()
        try host.write("root.pem", try daemon.signet(["ca", "certificate", root]).output)
    }

    /// With policies by which names below `denied.` are denied, and those below `approved.` need an approval.
    static func limited() async throws -> Self {
        try await Self(
            principals: """
                  - uid: \(geteuid())
                    arn: \(Daemon.administrator)
                    policies: [administrator.json, limits.json]
                """,
            policies: [
                "limits.json": """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                   "Condition": {"ForAnyValue:StringLike": {"signet:DNSNames": "denied.*"}}},
                  {"Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                   "Condition": {"ForAnyValue:StringLike": {"signet:DNSNames": "approved.*"},
                                 "NumericLessThan": {"signet:ApprovalCount": "1"}}}]}
                """
            ])
    }

    /// - Parameter arguments: beside those that make a certificate for `web.example.test` in the service's
    ///   files
    func renew(_ arguments: [String] = [], ca: String? = nil) throws -> Command {
        try daemon.signet(
            [
                "certificate", "issue", "--ca", ca ?? issuing, "--key", key, "--new-key", "ec", "--dns",
                "web.example.test", "--output", certificate, "--full-chain",
            ] + (arguments.contains { $0 == "--hours" } ? [] : ["--days", "30"]) + arguments)
    }

    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: host.path) {
            files[name] = try Data(contentsOf: host.url(name))
        }
        return files
    }
}
