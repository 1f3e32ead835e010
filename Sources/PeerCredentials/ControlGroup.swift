/// The control group of a process, as `/proc/PID/cgroup` states it (cgroups(7)).
///
/// A process can be given a directory of control groups to arrange as it likes, and the kernel allows any
/// octet but a line feed in their names. So the file is read as octets: a path with an octet that is not
/// printable ASCII is no control group.
public struct ControlGroup: Sendable, Hashable {
    /// An absolute path of printable ASCII, without empty, `.` and `..` components.
    public let path: String

    /// The systemd unit that the control group belongs to, such as `issuer.service`; nil when it belongs to
    /// none.
    public var unit: String? { SystemdUnit.name(ofControlGroup: path) }

    /// The group systemd keeps the process in: in systemd's own hierarchy where there is one, or else in the
    /// unified one.
    /// - Parameter file: the octets of `/proc/PID/cgroup`
    /// - Returns: nil when the file names neither, when a line is malformed, or when the path is not
    ///   printable ASCII
    public init?(procFile file: some Sequence<UInt8>) {
        var unified: ArraySlice<UInt8>?
        for line in Array(file).split(separator: UInt8(ascii: "\n")) {
            // hierarchy-ID:controller-list:cgroup-path
            let parts = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(Self.isDigit),
                parts[1].allSatisfy({ (0x21...0x7E).contains($0) })
            else { return nil }
            if parts[1].elementsEqual("name=systemd".utf8) {
                self.init(path: parts[2])
                return
            }
            if parts[0].elementsEqual("0".utf8), parts[1].isEmpty { unified = parts[2] }
        }
        guard let unified else { return nil }
        self.init(path: unified)
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
    }

    /// - Parameter octets: the path alone
    public init?(path octets: some Collection<UInt8>) {
        let slash = UInt8(ascii: "/")
        guard octets.first == slash, octets.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        // The kernel appends this to the group of a process whose directory was removed.
        guard !octets.suffix(10).elementsEqual(" (deleted)".utf8) else { return nil }
        let components = octets.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
        let isRoot = octets.count == 1
        for component in components where !isRoot {
            // `..` stands for groups outside of the reader's namespace (cgroup_namespaces(7)).
            if component.isEmpty || component.elementsEqual(".".utf8) || component.elementsEqual("..".utf8) {
                return nil
            }
        }
        path = String(decoding: octets, as: UTF8.self)
    }
}
