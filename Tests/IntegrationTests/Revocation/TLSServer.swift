import Foundation
import TestSupport
import Testing

/// A server that verifies the certificates of clients, or has a certificate that clients verify.
final class TLSServer {
    private let process: ChildProcess
    private let lab: RevocationLab
    private let port: Int
    /// A command line that makes nginx read its files again.
    var reload: String {
        "nginx -p \(lab.files.path) -c nginx-\(port).conf -e stderr -s reload"
    }

    /// - Parameter start: starts the server on a port; the server ends when the port is taken
    private init(
        _ lab: RevocationLab, log: String, _ start: (_ port: Int) throws -> ChildProcess
    ) throws {
        self.lab = lab
        for _ in 0..<20 {
            let port = Int.random(in: 20_000..<60_000)
            let process = try start(port)
            if try Self.isListening(process, port) {
                (self.process, self.port) = (process, port)
                return
            }
            process.terminate()
        }
        throw CommandFailure(description: (try? lab.files.text(log)) ?? "the server did not start")
    }

    deinit { process.terminate() }

    /// Whether the server listens on the port before it ends.
    static func isListening(_ process: ChildProcess, _ port: Int) throws -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while process.isRunning, ContinuousClock.now < end {
            let probe = try Command.run("bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port)"])
            // Another process could have the port, and this one end soon.
            if probe.status == 0, process.isRunning { return true }
            usleep(20_000)
        }
        return false
    }

    /// Whether a request with the certificate of a client is answered.
    func request(client name: String) throws -> Bool {
        try request([
            "--insecure", "--cert", lab.files.path("\(name).pem"), "--key", lab.files.path("\(name).key"),
        ])
    }

    func request(_ options: [String]) throws -> Bool {
        let result = try Command.run(
            "curl",
            ["--silent", "--fail", "--max-time", "60"] + options + ["https://localhost:\(port)/index.html"])
        return result.status == 0
    }

    /// The directives of Docs/Revocation.md for a server.
    private static func directives(of server: String) throws -> [String] {
        let rows = try Document("Docs/Revocation.md").text.split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix("| \(server) | `") })
        return row.matches(of: /`([^`]+)`/).map { String($0.1) }
    }

    /// Why curl does not accept the server.
    func verdict(_ options: [String]) throws -> String {
        try Command.run(
            "curl",
            ["--silent", "--show-error", "--max-time", "60"] + options
                + ["https://localhost:\(port)/index.html"]
        ).errors
    }

    /// - Parameters:
    ///   - certificate: the name of the server's own
    ///   - verifiesClients: whether it verifies clients with CRLs
    ///   - asksForClients: whether it verifies clients with OCSP
    ///   - staples: whether it staples an OCSP response
    static func nginx(
        _ lab: RevocationLab, certificate: String, verifiesClients: Bool = false,
        asksForClients: Bool = false, staples: Bool = false
    ) throws -> TLSServer {
        let files = lab.files
        let rows =
            (verifiesClients ? ["nginx"] : []) + (asksForClients ? ["nginx, clients by OCSP"] : [])
            + (staples ? ["nginx, stapling"] : [])
        let clients = try rows.flatMap { try Self.directives(of: $0) }.joined(separator: "\n")
        try openDirectory(files)
        return try TLSServer(lab, log: "nginx.log") { port in
            let name = "nginx-\(port).conf"
            try files.write(
                name,
                """
                daemon off; pid nginx-\(port).pid; error_log stderr; events {}
                http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi;
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                server { listen 127.0.0.1:\(port) ssl; listen [::1]:\(port) ssl;
                ssl_certificate \(certificate).pem; ssl_certificate_key \(certificate).key;
                ssl_verify_depth 5;
                \(clients)
                location / { return 200 "yes"; } } }
                """)
            return try ChildProcess(
                "nginx", ["-p", files.path, "-c", name, "-e", "stderr"],
                errors: .file(files.handle("nginx.log")))
        }
    }

    static func haproxy(_ lab: RevocationLab) throws -> TLSServer {
        let files = lab.files
        try openDirectory(files)
        try files.write("server.pem", try files.text("good.pem") + files.text("good.key"))
        let bind = try #require(try directives(of: "HAProxy").first)
        return try TLSServer(lab, log: "haproxy.log") { port in
            let line = bind.replacing(":8443", with: "127.0.0.1:\(port)").replacing(
                /(server|clients)\.(pem|crl)/
            ) { files.path(String($0.0)) }
            try files.write(
                "haproxy-\(port).cfg",
                """
                defaults
                    mode http
                    timeout client 60s
                    timeout server 60s
                    timeout connect 60s
                frontend web
                    \(line)
                    http-request return status 200

                """)
            return try ChildProcess(
                "haproxy", ["-db", "-f", files.path("haproxy-\(port).cfg")],
                errors: .file(files.handle("haproxy.log")))
        }
    }

    /// - Parameter asks: whether it verifies clients with OCSP, and not with CRLs
    static func apache(_ lab: RevocationLab, asks: Bool = false) throws -> TLSServer {
        let files = lab.files
        try openDirectory(files)
        let directives = try directives(of: asks ? "Apache, clients by OCSP" : "Apache").map {
            $0.replacing(/clients\.(pem|crl)/) { files.path(String($0.0)) }
        }
        return try TLSServer(lab, log: "apache.log") { port in
            let modules = "/usr/lib/apache2/modules"
            try files.write("index.html", "yes")
            try files.write(
                "apache-\(port).conf",
                """
                ServerRoot \(files.path)
                ServerName localhost
                PidFile apache-\(port).pid
                ErrorLog \(files.path("apache.log"))
                Mutex file:\(files.path)
                LoadModule mpm_event_module \(modules)/mod_mpm_event.so
                LoadModule authz_core_module \(modules)/mod_authz_core.so
                LoadModule ssl_module \(modules)/mod_ssl.so
                \(geteuid() == 0 ? "User nobody\nGroup nogroup" : "")
                Listen 127.0.0.1:\(port)
                DocumentRoot \(files.path)
                SSLEngine on
                SSLCertificateFile \(files.path("good.pem"))
                SSLCertificateKeyFile \(files.path("good.key"))
                \(directives.joined(separator: "\n"))
                SSLVerifyDepth 5
                <Directory \(files.path)>
                    Require all granted
                </Directory>
                """)
            return try ChildProcess(
                "apache2", ["-D", "FOREGROUND", "-f", files.path("apache-\(port).conf")],
                errors: .file(files.handle("apache.errors")))
        }
    }

    /// Servers that change their user read their pages afterwards.
    static func openDirectory(_ files: TemporaryDirectory) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: files.path)
    }
}

/// A PostgreSQL server that identifies clients by their certificates.
final class PostgreSQLServer {
    private let process: ChildProcess
    private let lab: RevocationLab
    private let port: Int
    private static let programs = "/usr/lib/postgresql/15/bin"
    /// PostgreSQL refuses to run as root.
    private static let asOther =
        geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

    init(_ lab: RevocationLab) throws {
        self.lab = lab
        let files = lab.files
        try TLSServer.openDirectory(files)
        let data = files.path("postgres-\(UUID().uuidString)")
        try Command.output("mkdir", ["-m", "700", data])
        for name in ["clients.pem", "clients.crl", "good.pem", "good.key"] {
            try Command.output("cp", [files.path(name), "\(data)-\(name)"])
        }
        if geteuid() == 0 { try Command.output("chown", ["-R", "65534:65534", data]) }
        func run(_ line: [String]) throws {
            let all = Self.asOther + line
            try Command.output(all[0], Array(all.dropFirst()))
        }
        try run(["\(Self.programs)/initdb", "-D", data, "-U", "good", "--auth=trust", "--no-sync"])
        for name in ["clients.pem", "clients.crl", "good.pem", "good.key"] {
            try Command.output("mv", ["\(data)-\(name)", "\(data)/\(name)"])
            try Command.output("chmod", ["600", "\(data)/\(name)"])
        }
        if geteuid() == 0 { try Command.output("chown", ["-R", "65534:65534", data]) }
        let rows = try Document("Docs/Revocation.md").text.split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix("| PostgreSQL | `") })
        let settings = row.matches(of: /`(ssl_[^`]+)`/).map { String($0.1) }.joined(separator: "\n")
        try settings.appending(
            "\nssl = on\nssl_cert_file = 'good.pem'\nssl_key_file = 'good.key'\nfsync = off\n"
        ).write(toFile: "\(data)/postgresql.conf", atomically: false, encoding: .utf8)
        try "hostssl all all 127.0.0.1/32 trust clientcert=verify-full\n".write(
            toFile: "\(data)/pg_hba.conf", atomically: false, encoding: .utf8)
        for _ in 0..<20 {
            let port = Int.random(in: 20_000..<60_000)
            let line =
                Self.asOther + [
                    "\(Self.programs)/postgres", "-D", data, "-p", "\(port)", "-c",
                    "listen_addresses=127.0.0.1",
                    "-c", "unix_socket_directories=",
                ]
            let process = try ChildProcess(
                line[0], Array(line.dropFirst()), errors: .file(files.handle("postgres.log")))
            if try TLSServer.isListening(process, port) {
                (self.process, self.port) = (process, port)
                return
            }
            process.terminate()
        }
        throw CommandFailure(description: try files.text("postgres.log"))
    }

    deinit { process.terminate() }

    func accepts(client name: String) throws -> Bool {
        let files = lab.files
        // The name of the role is that of the certificate; only `good` is one.
        let result = try Command.run(
            "psql",
            [
                "host=127.0.0.1 port=\(port) user=\(name) dbname=postgres sslmode=require sslcert=\(files.path("\(name).pem")) sslkey=\(files.path("\(name).key"))",
                "-c", "SELECT 1",
            ])
        return result.status == 0 || result.errors.contains("role \"\(name)\" does not exist")
    }
}
