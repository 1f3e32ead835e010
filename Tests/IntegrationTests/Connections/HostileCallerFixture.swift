import Foundation
import TestSupport
import Testing

/// A daemon with users that have few rights.
struct HostileCallerFixture {
    static let policies = [
        "powerless.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "signet:ListTemplates", "Resource": "*"}]}
        """,
        "reader.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["signet:GetCheckpoint", "signet:GetAuditEvent"], "Resource": "*"}]}
        """,
    ]
    static let administrator = "{uid: 0, arn: \"\(Daemon.administrator)\", policies: [administrator.json]}"
    static let principals = """
          - \(administrator)
          - {uid: 65001, arn: "arn:aws:iam::000000000000:role/powerless", policies: [powerless.json]}
          - {uid: 65002, arn: "arn:aws:iam::000000000000:role/reader", policies: [reader.json]}
        """

    let daemon: Daemon

    init(limits: String = "idle-seconds: 30", more: String = "") throws {
        daemon = try Daemon(
            principals: HostileCallerFixture.principals, limits: limits,
            policies: HostileCallerFixture.policies)
        try daemon.extend("log: {origin: ca.example.com/log}\n\(more)")
        try daemon.start()
        let script = "\(Products.root)/Tests/IntegrationTests/Python/hostile.py"
        try FileManager.default.copyItem(atPath: script, toPath: daemon.directory.path("hostile.py"))
    }

    /// The command line that runs an attack as another user.
    func line(uid: Int, _ arguments: [String]) -> [String] {
        [
            "setpriv", "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "/usr/bin/python3",
            daemon.directory.path("hostile.py"), daemon.socketPath,
        ]
            + arguments
    }

    @discardableResult
    func attack(uid: Int, _ arguments: [String]) throws -> [[String: Any]] {
        let line = line(uid: uid, arguments)
        let result = try Command.run(line[0], Array(line.dropFirst()))
        try #require(result.status == 0, "\(result.output)\(result.errors)")
        return try result.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    /// The length of each event in octets, in the order of the log.
    func lengths() throws -> [Int] {
        try Command.output(
            "sqlite3",
            [daemon.directory.path("signet.sqlite"), "SELECT length(body) FROM event ORDER BY position"]
        ).split(separator: "\n").compactMap { Int($0) }
    }
}
