public import Audit
public import Authorization

/// The parts of this daemon's ARNs.
public struct ARNNaming: Sendable, Hashable {
    public let partition: String
    public let region: String
    public let account: String

    public init(partition: String, region: String, account: String) {
        self.partition = partition
        self.region = region
        self.account = account
    }

    public var scope: AuditScope { AuditScope(account: account, region: region) }

    /// Whether an ARN has this daemon's partition, region and account.
    public func isOwn(_ arn: ARN) -> Bool {
        arn.partition == partition && arn.region == region && arn.account == account
    }

    public func certificateAuthority(_ id: String) -> ARN {
        ARN(
            partition: partition, service: "acm-pca", region: region, account: account,
            resource: "certificate-authority/\(id)")
    }

    /// The ARN of the daemon itself, as the requester of certificates that it issues to its own keys.
    public var daemon: ARN {
        ARN(partition: partition, service: "acm-pca", region: region, account: account, resource: "signetd")
    }

    /// The ARN of the certificate with this serial number: 32 lower-case hexadecimal digits.
    public func certificate(_ serialNumber: String, of authority: String) -> ARN {
        ARN(
            partition: partition, service: "acm-pca", region: region, account: account,
            resource: "certificate-authority/\(authority)/certificate/\(serialNumber)")
    }
}
