/// The treatment of members without a coding key.
public enum UnknownMembers: Sendable {
    case ignored
    /// Refuses a member whose name differs from a known one only in case, because the sender meant the known
    /// one.
    case refusedCaseVariants
    case refused
}

/// A member of an object that the type does not know.
public struct UnknownMember: Error, Sendable, Hashable, CustomStringConvertible {
    /// The names of the members around it, from the outermost. Positions in arrays count from 1.
    public let path: [String]
    public let name: String
    /// The known member whose name differs only in case. Nil when there is none, or when it was not searched
    /// for.
    public let known: String?

    public var description: String {
        let place = (path + [Self.visible(name)]).joined(separator: ".")
        return "the member `\(place)` is not known" + (known.map { "; the known one is `\($0)`" } ?? "")
    }

    /// The beginning of a name from outside, in printable ASCII.
    private static func visible(_ name: String) -> String {
        let scalars = name.unicodeScalars.prefix(64).map { scalar in
            (0x20...0x7E).contains(scalar.value) && scalar != "`"
                ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return scalars.joined() + (name.unicodeScalars.count > 64 ? "…" : "")
    }
}

/// Watches one decoding: the objects that have members without a coding key, and the keys that their types
/// asked for.
final class MemberWatch {
    /// One such object.
    final class Entry {
        let path: [String]
        let unknown: [String]
        /// The members' names of all keys that were asked for. A type asks for every member it knows.
        var asked: Set<String> = []

        init(path: [String], unknown: [String]) {
            self.path = path
            self.unknown = unknown
        }
    }

    private var entries: [Entry] = []
    /// The number of objects that were opened. A type without members opens none.
    var opened = 0

    func add(_ entry: Entry) { entries.append(entry) }

    /// Throws for an unknown member that differs from an asked one only in case. Call it when the decoding
    /// has ended.
    func checkCase() throws(UnknownMember) {
        for entry in entries {
            let known = Dictionary(entry.asked.map { (Self.folded($0), $0) }) { first, _ in first }
            for name in entry.unknown.sorted() {
                if let variant = known[Self.folded(name)] {
                    throw UnknownMember(path: entry.path, name: name, known: variant)
                }
            }
        }
    }

    /// Folds case by scalars: U+212A KELVIN SIGN is a `k`, and U+017F an `s`.
    private static func folded(_ name: String) -> [UInt8] {
        let mapped = name.unicodeScalars.map { scalar -> String in
            scalar.isASCII && !scalar.properties.isUppercase
                ? String(scalar)
                : scalar.properties.uppercaseMapping.unicodeScalars.map(\.properties.lowercaseMapping)
                    .joined()
        }
        return Array(mapped.joined().utf8)
    }
}
