internal import Authorization

/// The templates a daemon has: AWS's, under AWS's ARNs, and its own, under ARNs of its account.
public struct TemplateCatalog: Sendable {
    public struct Entry: Sendable {
        public let arn: String
        public let template: CertificateTemplate
    }

    /// AWS's in the order of its table, then the daemon's own.
    public let entries: [Entry]
    private let byARN: [String: CertificateTemplate]
    public let partition: String

    public init(partition: String, region: String, account: String, own: [CertificateTemplate]) {
        self.partition = partition
        // AWS Private CA User Guide: region and account are empty in the ARNs of its templates.
        let prefix = "arn:\(partition):acm-pca:"
        entries =
            CertificateTemplate.aws.map { Entry(arn: "\(prefix)::template/\($0.name)", template: $0) }
            + own.map { Entry(arn: "\(prefix)\(region):\(account):template/\($0.name)", template: $0) }
        byARN = Dictionary(entries.map { ($0.arn, $0.template) }) { first, _ in first }
    }

    /// The ARN of the default template.
    public var defaultARN: String { "arn:\(partition):acm-pca:::template/\(CertificateTemplate.defaultName)" }

    /// Policies compare ARNs as written, so each template has exactly one spelling.
    public func template(_ arn: String) throws(IssuanceError) -> CertificateTemplate {
        if let template = byARN[arn] { return template }
        guard let parsed = ARN(arn), parsed.service == "acm-pca", parsed.resource.hasPrefix("template/")
        else { throw .templateARNMalformed(arn) }
        throw .templateUnknown(arn)
    }
}
