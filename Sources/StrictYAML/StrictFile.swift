public import Foundation
public import Yams

/// A YAML file written by hand, read completely; all faults are reported at once.
public enum StrictFile {
    /// Reads the file at `path` and passes its root to `body`. Relative paths in it are relative to
    /// `directory`, the file's own.
    /// - Throws: all faults, if there is one or if `body` returns nil
    public static func read<Value>(
        _ path: String, _ body: (_ root: Node, _ directory: URL, _ faults: FaultList) -> Value?
    ) throws(StrictYAMLError) -> Value {
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw .unreadable(file.path, named: path)
        }
        return try parse(data, named: path, directory: file.deletingLastPathComponent(), body)
    }

    /// Like ``read(_:_:)``, for bytes that were already read.
    public static func parse<Value>(
        _ data: Data, named path: String, directory: URL,
        _ body: (_ root: Node, _ directory: URL, _ faults: FaultList) -> Value?
    ) throws(StrictYAMLError) -> Value {
        // Invalid UTF-8 is refused and not repaired, because repair could make two different names equal.
        guard let text = String(validating: data, as: UTF8.self) else {
            throw StrictYAMLError(faults: [
                Fault(file: path, line: lineOfInvalidUTF8(data), message: "not UTF-8; save the file as UTF-8")
            ])
        }
        let faults = FaultList(file: path)
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            let yaml = error as? YamlError
            throw StrictYAMLError(faults: [
                Fault(
                    file: path, line: yaml?.line,
                    message: yaml.map { "not valid YAML: \($0.problemText)" } ?? "not valid YAML")
            ])
        }
        guard let node else {
            throw StrictYAMLError(faults: [Fault(file: path, line: nil, message: "the file is empty")])
        }
        let value = body(node, directory, faults)
        guard let value, faults.faults.isEmpty else { throw StrictYAMLError(faults: faults.faults) }
        return value
    }

    private static func lineOfInvalidUTF8(_ data: Data) -> Int? {
        // No multi-octet character contains a line feed.
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var problemText: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
            problem
        case .duplicatedKeysInMapping(let keys, _): "the key `\(keys.first ?? "?")` is there twice"
        default: "it cannot be read"
        }
    }
}
