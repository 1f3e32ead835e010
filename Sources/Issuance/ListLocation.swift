internal import PKIX

/// The CRL that the certificates of an authority name (cRLDistributionPoints).
public enum ListLocation: Sendable, Hashable {
    /// The URL of the complete CRL.
    case complete(String)
    /// A CRL for each partition of the serial numbers.
    case partitioned(base: String, count: Int)

    func url(forSerialNumber serialNumber: [UInt8]) -> String {
        switch self {
        case .complete(let url): url
        case .partitioned(let base, let count):
            ListPartition.url(base, index: ListPartition.index(ofSerialNumber: serialNumber, of: count))
        }
    }
}
