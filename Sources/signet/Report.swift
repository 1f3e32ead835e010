internal import Foundation
internal import WireAPI

/// What people read.
enum Report {
    /// Columns as wide as their widest cell, two blanks between them.
    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    static func date(_ date: Date?) -> String {
        guard let date else { return "-" }
        return date.formatted(.iso8601)
    }

    static func authority(_ authority: CertificateAuthority) -> String {
        let configuration = authority.certificateAuthorityConfiguration
        let rows: [(String, String)] = [
            ("ARN", authority.arn), ("Subject", SubjectText.text(configuration.subject)),
            ("Type", authority.type), ("Status", authority.status), ("Key", configuration.keyAlgorithm),
            ("Signs with", configuration.signingAlgorithm), ("Serial number", authority.serial ?? "-"),
            ("Valid from", date(authority.notBefore)), ("Valid until", date(authority.notAfter)),
            ("Usage mode", authority.usageMode),
            ("Key storage", authority.keyStorageSecurityStandard ?? "no standard declared"),
            ("Created", date(authority.createdAt)),
        ]
        return rows.map { name, value in
            name + String(repeating: " ", count: 14 - name.count) + value
        }.joined(separator: "\n")
    }
}
