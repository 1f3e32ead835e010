public import Foundation

/// The line of a document on which each value begins.
public struct JSONLines: Sendable {
    /// By path, such as `Statement[1].Effect`. The path of the document itself is empty.
    private var lines: [String: Int] = [:]

    /// - Parameter document: a text that ``JSONValue/init(parsing:)`` accepts. In another text, only the
    ///   lines up to the fault are known
    public init(_ document: Data) {
        var scanner = Scanner(octets: Array(document))
        scanner.value("", into: &lines)
    }

    /// The line of the value at `path`, or of the innermost existing value around it. Counts from 1.
    public func line(of path: String) -> Int? {
        var path = path[...]
        while true {
            if let line = lines[String(path)] { return line }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return lines[""] }
            path = path[..<end]
        }
    }

    private struct Scanner {
        let octets: [UInt8]
        var place = 0
        var line = 1

        private mutating func next() -> UInt8? {
            while place < octets.count {
                switch octets[place] {
                case UInt8(ascii: "\n"): line += 1
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","),
                    UInt8(ascii: ":"):
                    break
                default: return octets[place]
                }
                place += 1
            }
            return nil
        }

        mutating func value(_ path: String, into lines: inout [String: Int]) {
            guard let first = next() else { return }
            // The first of repeated members. The parser refuses them anyway.
            if lines[path] == nil { lines[path] = line }
            switch first {
            case UInt8(ascii: "{"):
                place += 1
                while let octet = next(), octet != UInt8(ascii: "}") {
                    let key = string()
                    value(path.isEmpty ? key : "\(path).\(key)", into: &lines)
                }
                place += 1
            case UInt8(ascii: "["):
                place += 1
                var index = 0
                while let octet = next(), octet != UInt8(ascii: "]") {
                    value("\(path)[\(index)]", into: &lines)
                    index += 1
                }
                place += 1
            case UInt8(ascii: "\""): _ = string()
            default:
                // Moves at least one octet, so that the loop ends for every text.
                repeat { place += 1 } while place < octets.count && !Self.ends.contains(octets[place])
            }
        }

        private static let ends = Set(" \t\r\n,:]}".utf8)

        /// The characters of a string without its quotes; escapes are not decoded.
        private mutating func string() -> String {
            let start = place + 1
            place = start
            while place < octets.count, octets[place] != UInt8(ascii: "\"") {
                place += octets[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            let end = min(place, octets.count)
            place += 1
            return String(decoding: octets[min(start, end)..<end], as: UTF8.self)
        }
    }
}
