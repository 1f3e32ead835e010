internal import Issuance
internal import VisibleText

/// Templates by the short names people use.
enum TemplateName {
    /// `EndEntityCertificate/V1` becomes an ARN in the partition of `authority`'s; a name that is none of
    /// AWS's one in its region and account too.
    static func arn(_ name: String, like authority: String) throws -> String {
        if name.hasPrefix("arn:") { return name }
        let parts = authority.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else {
            throw CommandFailure(
                message: "`\(authority)` is not an ARN", hint: "`signet ca list` shows those there are",
                status: .usage)
        }
        let isAWS = CertificateTemplate.aws.contains { $0.name == name }
        return "arn:\(parts[1]):acm-pca:\(isAWS ? "" : parts[3]):\(isAWS ? "" : parts[4]):template/\(name)"
    }

    /// The part of an ARN after `template/`.
    static func short(_ arn: String) -> String {
        arn.split(separator: "template/", maxSplits: 1).last.map(String.init) ?? arn
    }
}
