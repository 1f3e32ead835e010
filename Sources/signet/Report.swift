internal import Foundation
internal import VisibleText
internal import WireAPI

/// Formats output for people.
enum Report {
    static func date(_ date: Date?) -> String {
        guard let date else { return "-" }
        return date.formatted(.iso8601)
    }

    /// An extension's name in its column.
    static func extensionName(_ name: String, _ isCritical: Bool) -> EscapedText {
        (isCritical ? "\(name) (critical)" as EscapedText : "\(name)").padded(to: 36, gap: 1)
    }

    static func authority(_ authority: CertificateAuthority) -> EscapedText {
        let configuration = authority.certificateAuthorityConfiguration
        return .fields(
            [
                ("ARN", "\(authority.arn)"), ("Subject", "\(SubjectText.text(configuration.subject))"),
                ("Type", "\(authority.type)"), ("Status", "\(authority.status)"),
                ("Key", "\(configuration.keyAlgorithm)"), ("Signs with", "\(configuration.signingAlgorithm)"),
                ("Serial number", "\(authority.serial ?? "-")"),
                ("Valid from", "\(date(authority.notBefore))"),
                ("Valid until", "\(date(authority.notAfter))"), ("Usage mode", "\(authority.usageMode)"),
                ("Key storage", "\(authority.keyStorageSecurityStandard ?? "no standard declared")"),
                ("Created", "\(date(authority.createdAt))"),
            ], width: 14)
    }
}
