internal import Identifiers

extension CertificateRecord {
    /// The form of a serial number in records.
    /// - Parameter serialNumber: big-endian, without leading zeros
    public static func text(ofSerialNumber serialNumber: some Collection<UInt8>) -> String {
        let text = hexadecimal(Array(serialNumber))
        return String(repeating: "0", count: max(0, 32 - text.utf8.count)) + text
    }
}
