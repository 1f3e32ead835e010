import Foundation
import TestSupport
import Testing

/// A program that asks an OCSP responder about certificates, and how it is asked.
struct StatusRelyingParty: Sendable, CustomTestStringConvertible {
    let name: String
    /// A program that must be there.
    let program: String
    /// Whether it accepts `NAME.pem` of a lab.
    let accepts: @Sendable (_ name: String, _ lab: RevocationLab) throws -> Bool

    var testDescription: String { name }

    var isInstalled: Bool {
        ["/usr/bin", "/usr/sbin", "/usr/local/bin"].contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    static func url(_ lab: RevocationLab) -> String { lab.responder?.url ?? "" }

    /// `openssl ocsp`, with options of its own.
    private static func openssl(_ name: String, _ lab: RevocationLab, _ options: [String]) throws -> Bool {
        let files = lab.files
        let answer = try Command.run(
            "openssl",
            [
                "ocsp", "-issuer", files.path("\(lab.tiers - 1).ca.pem"), "-cert", files.path("\(name).pem"),
                "-CAfile", files.path("cas.pem"), "-url", url(lab),
            ] + options)
        #expect(answer.errors.contains("Response verify OK"), "\(answer)")
        #expect(answer.status == 0)
        return answer.output.contains("\(name).pem: good")
    }

    static let all: [StatusRelyingParty] = [
        StatusRelyingParty(name: "OpenSSL, with a nonce", program: "openssl") { name, lab in
            try openssl(name, lab, ["-nonce"])
        },
        StatusRelyingParty(name: "OpenSSL, without a nonce", program: "openssl") { name, lab in
            try openssl(name, lab, ["-no_nonce"])
        },
        StatusRelyingParty(name: "OpenSSL, with SHA-256", program: "openssl") { name, lab in
            let files = lab.files
            let answer = try Command.run(
                "openssl",
                [
                    "ocsp", "-sha256", "-issuer", files.path("\(lab.tiers - 1).ca.pem"), "-cert",
                    files.path("\(name).pem"), "-CAfile", files.path("cas.pem"), "-url", url(lab),
                    "-no_nonce",
                ])
            #expect(answer.errors.contains("Response verify OK"), "\(answer)")
            return answer.output.contains("\(name).pem: good")
        },
        StatusRelyingParty(name: "NSS", program: "vfychain") { name, lab in
            let files = lab.files
            let database = "sql:\(files.path("nss-\(UUID().uuidString)"))"
            try Command.output("mkdir", [String(database.dropFirst("sql:".count))])
            try Command.output("certutil", ["-N", "--empty-password", "-d", database])
            for tier in 0..<lab.tiers {
                try Command.output(
                    "certutil",
                    [
                        "-A", "-n", "ca\(tier)", "-t", tier == 0 ? "CT,C,C" : ",,", "-i",
                        files.path("\(tier).ca.pem"), "-d", database,
                    ])
            }
            let leaf = files.path("\(name).leaf.pem")
            try Command.output("openssl", ["x509", "-in", files.path("\(name).pem"), "-out", leaf])
            let answer = try Command.run(
                "vfychain",
                [
                    "-d", database, "-u", "1", "-pp", "-g", "leaf", "-m", "ocsp", "-s", "failIfNoInfo", "-a",
                    leaf,
                ])
            // Revoked, and not unknown or unanswered.
            #expect(answer.status == 0 || answer.errors.contains("-8180"), "\(answer)")
            return answer.status == 0
        },
        StatusRelyingParty(name: "OpenSSL by GET", program: "openssl") { name, lab in
            let files = lab.files
            let (request, response) = (files.path("\(name).req"), files.path("\(name).resp"))
            try Command.output(
                "openssl",
                [
                    "ocsp", "-issuer", files.path("\(lab.tiers - 1).ca.pem"), "-cert",
                    files.path("\(name).pem"), "-no_nonce", "-reqout", request,
                ])
            let text = try Data(contentsOf: URL(fileURLWithPath: request)).base64EncodedString()
            // RFC 6960, appendix A.1: url-encoded.
            let path = text.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing(
                "=", with: "%3D")
            try Command.output(
                "curl", ["--silent", "--fail", "--max-time", "60", "-o", response, "\(url(lab))/\(path)"])
            let answer = try Command.run(
                "openssl",
                [
                    "ocsp", "-respin", response, "-issuer", files.path("\(lab.tiers - 1).ca.pem"), "-cert",
                    files.path("\(name).pem"), "-CAfile", files.path("cas.pem"), "-no_nonce",
                ])
            #expect(answer.errors.contains("Response verify OK"), "\(answer)")
            return answer.output.contains("\(name).pem: good")
        },
        StatusRelyingParty(name: "GnuTLS", program: "ocsptool") { name, lab in
            let files = lab.files
            let answer = try Command.run(
                "ocsptool",
                [
                    "--ask=\(url(lab))", "--load-cert", files.path("\(name).pem"), "--load-issuer",
                    files.path("\(lab.tiers - 1).ca.pem"), "--load-trust", files.path("cas.pem"), "--nonce",
                ])
            let text = answer.output + answer.errors
            #expect(text.contains("Verifying OCSP Response: Success"), "\(text)")
            return text.contains("Certificate Status: good")
        },
        StatusRelyingParty(name: "Python's cryptography", program: "python3") { name, lab in
            let files = lab.files
            return try Command.run(
                Products.python,
                [
                    "\(Products.root)/Tests/IntegrationTests/Python/status.py", url(lab),
                    files.path("\(name).pem"), files.path("\(lab.tiers - 1).ca.pem"),
                ]
            ).status == 0
        },
        StatusRelyingParty(name: "Java PKIX", program: "javac") { name, lab in
            let files = lab.files
            let java = "\(Products.root)/Tests/IntegrationTests/Revocation/Verify.java"
            return try Command.run(
                "java", [java, files.path("\(name).pem"), files.path("root.pem"), files.path("cas.pem")]
            ).status == 0
        },
        StatusRelyingParty(name: "curl and nginx, stapled", program: "nginx") { name, lab in
            let server = try TLSServer.nginx(lab, certificate: name, staples: true)
            let options = ["--cacert", lab.files.path("root.pem"), "--cert-status"]
            // nginx staples once it has asked, which the first handshake makes it do.
            let end = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < end {
                if try server.request(options) { return true }
                // nginx staples no response that says revoked, and a client that wants one refuses.
                if try lab.files.text("nginx.log").contains("certificate status \"revoked\"") { return false }
                usleep(50_000)
            }
            throw CommandFailure(description: "nothing is stapled: \(try server.verdict(options))")
        },
        StatusRelyingParty(name: "nginx, of clients", program: "nginx") { name, lab in
            try TLSServer.nginx(lab, certificate: "good", asksForClients: true).request(client: name)
        },
        StatusRelyingParty(name: "Apache, of clients", program: "apache2") { name, lab in
            try TLSServer.apache(lab, asks: true).request(client: name)
        },
        StatusRelyingParty(name: "signet", program: "openssl") { name, lab in
            let files = lab.files
            let answer = try Command.run(
                Products.path("signet"),
                ["ocsp", "check", files.path("\(name).pem")])
            #expect(answer.output.contains("Nonce     echoed"), "\(answer)")
            return answer.status == 0
        },
    ]
}
