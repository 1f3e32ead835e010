/// The systemd unit that a control group belongs to.
public enum SystemdUnit {
    private static let kinds = ["service", "scope", "mount", "swap", "socket"]

    /// The first component of the path that is not a slice. Below its unit a process may arrange control
    /// groups as it likes, so later components prove nothing (sd_pid_get_unit(3)).
    /// - Returns: nil when that component is not the name of a unit, or when a component before it is not the
    ///   name of a slice
    public static func name(ofControlGroup path: String) -> String? {
        for component in path.utf8.split(separator: UInt8(ascii: "/")) {
            // systemd puts an underscore before names that the kernel could take for its own files.
            let name = component.first == UInt8(ascii: "_") ? component.dropFirst() : component
            guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex,
                name.allSatisfy(isUnitNameOctet)
            else { return nil }
            let kind = name[name.index(after: dot)...]
            if kind.elementsEqual("slice".utf8) { continue }
            guard kinds.contains(where: { kind.elementsEqual($0.utf8) }) else { return nil }
            return String(decoding: name, as: UTF8.self)
        }
        return nil
    }

    /// systemd.unit(5): letters, digits, `:`, `-`, `_`, `.`, `\` and `@`.
    private static func isUnitNameOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "@"):
            true
        default: false
        }
    }
}
