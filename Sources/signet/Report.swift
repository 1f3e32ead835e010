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

    /// Where certificates say that the CRL is.
    private static func lists(_ configuration: CrlConfiguration?) -> EscapedText {
        guard let configuration, configuration.enabled else { return "no URL in certificates" }
        let place = configuration.customCname ?? configuration.s3BucketName ?? "the daemon's own URL"
        let days: EscapedText = configuration.expirationInDays.map { ", valid for \($0) days" } ?? ""
        return configuration.crlDistributionPointExtensionConfiguration?.omitExtension == true
            ? "no URL in certificates\(days)" : "\(place)\(days)"
    }

    /// Where certificates say that the OCSP responder is.
    private static func status(_ configuration: OcspConfiguration?) -> EscapedText {
        guard let configuration, configuration.enabled else { return "no URL in certificates" }
        return "\(configuration.ocspCustomCname ?? "the daemon's own URL")"
    }

    /// How fresh the CRL and the responder of an authority are.
    static func revocation(_ output: DescribeRevocationOperation.Output) -> EscapedText {
        var list: EscapedText = "none yet"
        if let newest = output.certificateRevocationList {
            list =
                "number \(newest.number), \("\(newest.entries)") revoked, until \(date(newest.nextUpdate))\(end(newest.nextUpdate))"
        }
        var responder: EscapedText = "none"
        if let present = output.ocspResponder {
            responder = "until \(date(present.notAfter))\(end(present.notAfter))"
        }
        var rows: [(EscapedText, EscapedText)] = [("Newest CRL", list)]
        if let divided = output.partitionedLists {
            let until: EscapedText = divided.nextUpdate.map { "until \(date($0))\(end($0))" } ?? "none yet"
            rows.append(("Partitions", "\("\(divided.signed)") of \("\(divided.count)") CRLs, \(until)"))
        }
        rows.append(("Responder", responder))
        return EscapedText.fields(rows, width: 14)
    }

    private static func end(_ date: Date) -> EscapedText { date < Date() ? ", ENDED" : "" }

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
                ("CRL", "\(lists(authority.revocationConfiguration.crlConfiguration))"),
                ("OCSP", "\(status(authority.revocationConfiguration.ocspConfiguration))"),
                ("Created", "\(date(authority.createdAt))"),
            ], width: 14)
    }
}
