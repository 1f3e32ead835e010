import Foundation
import TestSupport
import Testing

/// A program that verifies certificates, and how it is asked.
struct RelyingParty: Sendable, CustomTestStringConvertible {
    let name: String
    /// A program that must be there.
    let program: String
    /// Whether it accepts `NAME.pem` of a lab.
    let accepts: @Sendable (_ name: String, _ lab: RevocationLab) throws -> Bool

    var testDescription: String { name }

    var isInstalled: Bool {
        FileManager.default.isExecutableFile(atPath: program)
            || ["/usr/bin", "/usr/sbin", "/usr/local/bin"].contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
            }
    }

    static let all: [RelyingParty] = [
        RelyingParty(name: "OpenSSL", program: "openssl") { name, lab in
            let files = lab.files
            return try Command.run(
                "openssl",
                [
                    "verify", "-x509_strict", "-crl_check_all", "-CAfile", files.path("root.pem"),
                    "-untrusted",
                    files.path("cas.pem"), "-CRLfile", files.path("crls.pem"), files.path("\(name).pem"),
                ]
            ).status == 0
        },
        RelyingParty(name: "GnuTLS", program: "certtool") { name, lab in
            let files = lab.files
            try files.write(
                "\(name).chain.pem", try files.text("\(name).pem") + files.text("root.pem"))
            return try Command.run(
                "certtool",
                [
                    "--verify", "--load-ca-certificate", files.path("cas.pem"), "--load-crl",
                    files.path("crls.pem"), "--infile", files.path("\(name).chain.pem"),
                ]
            ).status == 0
        },
        RelyingParty(name: "NSS", program: "crlutil") { name, lab in try NSSDatabase(lab).accepts(name) },
        RelyingParty(name: "Python's cryptography", program: "python3") { name, lab in
            let files = lab.files
            return try Command.run(
                Products.python,
                [
                    "\(Products.root)/Tests/IntegrationTests/Python/revoked.py", files.path("\(name).pem"),
                    files.path("cas.pem"), files.path("crls.pem"),
                ]
            ).status == 0
        },
        RelyingParty(name: "Java PKIX", program: "javac") { name, lab in
            let files = lab.files
            let java = "\(Products.root)/Tests/IntegrationTests/Revocation/Verify.java"
            return try Command.run(
                "java",
                [
                    java, files.path("\(name).pem"), files.path("root.pem"), files.path("cas.pem"),
                    files.path("crls.pem"),
                ]
            ).status == 0
        },
        RelyingParty(name: "curl", program: "curl") { name, lab in
            // The server has the certificate.
            try TLSServer.nginx(lab, certificate: name, verifiesClients: false).request([
                "--cacert", lab.files.path("root.pem"), "--crlfile", lab.files.path("crls.pem"),
            ])
        },
        RelyingParty(name: "nginx", program: "nginx") { name, lab in
            try TLSServer.nginx(lab, certificate: "good", verifiesClients: true).request(client: name)
        },
        RelyingParty(name: "HAProxy", program: "haproxy") { name, lab in
            try TLSServer.haproxy(lab).request(client: name)
        },
        RelyingParty(name: "Apache", program: "apache2") { name, lab in
            try TLSServer.apache(lab).request(client: name)
        },
        RelyingParty(name: "PostgreSQL", program: "/usr/lib/postgresql/15/bin/postgres") { name, lab in
            try PostgreSQLServer(lab).accepts(client: name)
        },
    ]
}

/// A certificate database of NSS with the authorities and CRLs of a lab.
private struct NSSDatabase {
    private let files: TemporaryDirectory
    private var database: [String] { ["-d", "sql:\(files.path("nss"))"] }

    init(_ lab: RevocationLab) throws {
        files = lab.files
        guard !FileManager.default.fileExists(atPath: files.path("nss")) else { return }
        try Command.output("mkdir", [files.path("nss")])
        try Command.output("certutil", ["-N", "--empty-password"] + database)
        for number in 0..<lab.tiers {
            try Command.output(
                "certutil",
                [
                    "-A", "-n", "ca\(number)", "-t", number == 0 ? "CT,C,C" : ",,", "-i",
                    files.path("\(number).ca.pem"),
                ] + database)
            let end = "-----END X509 CRL-----\n"
            let lists = try files.text("\(number).crl.pem").components(separatedBy: end).dropLast()
            for list in lists {
                try files.write("one.crl.pem", list + end)
                try Command.output(
                    "openssl",
                    [
                        "crl", "-in", files.path("one.crl.pem"), "-outform", "DER", "-out",
                        files.path("\(number).crl"),
                    ])
                let result = try Command.run(
                    "crlutil", ["-I", "-i", files.path("\(number).crl")] + database)
                // NSS takes no CRL with a distribution point.
                if lab.partitions == nil { try result.require() }
            }
        }
    }

    func accepts(_ name: String) throws -> Bool {
        try Command.output(
            "certutil", ["-A", "-n", name, "-t", ",,", "-i", files.path("\(name).pem")] + database)
        // As the certificate of a client.
        return try Command.run("certutil", ["-V", "-n", name, "-u", "C"] + database).status == 0
    }
}
