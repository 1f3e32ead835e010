/// The effective user and group of a process, as `/proc/PID/status` states them (proc_pid_status(5)).
public struct ProcessStatus: Sendable, Hashable {
    public let uid: UInt32
    public let gid: UInt32

    /// - Parameter file: the octets of `/proc/PID/status`
    /// - Returns: nil when `Uid` or `Gid` is missing, stands there twice or is malformed
    public init?(procFile file: some Sequence<UInt8>) {
        let lines = Array(file).split(separator: UInt8(ascii: "\n"))
        // Name, tab, then the real, effective, saved and file system number.
        func effective(_ name: String) -> UInt32? {
            let found = lines.filter { $0.starts(with: name.utf8) }
            guard found.count == 1, let line = found.first else { return nil }
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard fields.count == 5 else { return nil }
            return UInt32(decimal: fields[2])
        }
        guard let uid = effective("Uid:\t"), let gid = effective("Gid:\t") else { return nil }
        (self.uid, self.gid) = (uid, gid)
    }
}

extension UInt32 {
    /// Decimal digits and nothing else; nil for no digit, a sign, or a number that does not fit.
    init?(decimal octets: some Collection<UInt8>) {
        guard !octets.isEmpty else { return nil }
        var value: UInt32 = 0
        for octet in octets {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = octet else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(UInt32(octet - UInt8(ascii: "0")))
            guard !isTooLarge, !overflows else { return nil }
            value = sum
        }
        self = value
    }
}
