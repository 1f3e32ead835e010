/// The partition of a certificate, where an authority divides its CRL by serial numbers.
public enum ListPartition {
    /// The last two octets of the serial number, which are random, modulo the number of partitions. A certificate
    /// stays in its partition, because its distribution point names it.
    /// - Parameters:
    ///   - serialNumber: big-endian
    ///   - count: from 1 to 65536
    public static func index(ofSerialNumber serialNumber: some Collection<UInt8>, of count: Int) -> Int {
        serialNumber.suffix(2).reduce(0) { $0 << 8 | Int($1) } % count
    }

    /// The URL of a partition's CRL.
    /// - Parameter base: of the authority's partitions
    public static func url(_ base: String, index: Int) -> String { "\(base)/\(index).crl" }
}
