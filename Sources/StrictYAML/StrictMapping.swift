public import Yams

/// A YAML mapping with a fixed set of keys; any other key is a fault.
public struct StrictMapping {
    private let node: Node
    private let members: [String: Node]
    private let faults: FaultList
    /// Such as `token`; empty at the top.
    public let path: String

    /// Empty, with a fault, when `node` is not a mapping.
    public init(_ node: Node, path: String, known: [String], faults: FaultList) {
        self.node = node
        self.faults = faults
        self.path = path
        var members: [String: Node] = [:]
        if let mapping = node.mapping {
            for (key, value) in mapping {
                let name = key.string ?? "?"
                if known.contains(name) {
                    // Yams treats keys with different tags as different.
                    if members.updateValue(value, forKey: name) != nil {
                        faults.add(
                            "the key `\(path.isEmpty ? "" : path + ".")\(name)` is there twice", at: key)
                    }
                } else {
                    faults.add(
                        "unknown key `\(path.isEmpty ? "" : path + ".")\(name)`; known are \(known.joined(separator: ", "))",
                        at: key)
                }
            }
        } else {
            faults.add(
                "\(path.isEmpty ? "the file" : "`\(path)`") must be a mapping of keys to values", at: node)
        }
        self.members = members
    }

    public func has(_ key: String) -> Bool { members[key] != nil }

    public func node(_ key: String) -> Node? { members[key] }

    /// The text of a scalar as written, so that `0660` and `000000000000` keep their zeros. Reports a fault
    /// when it is missing without a default, or is not a scalar.
    public func text(_ key: String, default fallback: String? = nil) -> String? {
        guard let value = members[key] else {
            if fallback == nil { faults.add("`\(name(key))` is missing", at: node) }
            return fallback
        }
        guard let scalar = value.scalar else {
            faults.add("`\(name(key))` must be a single value", at: value)
            return nil
        }
        return scalar.string
    }

    public func number(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let value = members[key] else { return fallback }
        guard let text = value.scalar?.string, let number = Int(text), range.contains(number) else {
            faults.add(
                "`\(name(key))` must be a number from \(range.lowerBound) to \(range.upperBound)", at: value)
            return fallback
        }
        return number
    }

    public func boolean(_ key: String, default fallback: Bool) -> Bool {
        guard let value = members[key] else { return fallback }
        // YAML 1.2, section 10.2.1.2
        switch value.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            faults.add("`\(name(key))` must be `true` or `false`", at: value)
            return fallback
        }
    }

    public func list(_ key: String) -> [Node] {
        guard let value = members[key] else {
            faults.add("`\(name(key))` is missing", at: node)
            return []
        }
        guard let sequence = value.sequence, !sequence.isEmpty else {
            faults.add("`\(name(key))` must be a list with at least one entry", at: value)
            return []
        }
        return Array(sequence)
    }

    public func mapping(_ key: String, known: [String]) -> StrictMapping? {
        guard let value = members[key] else {
            faults.add("`\(name(key))` is missing", at: node)
            return nil
        }
        return StrictMapping(value, path: name(key), known: known, faults: faults)
    }

    public func fault(_ message: String, at key: String) { faults.add(message, at: members[key] ?? node) }

    public func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
