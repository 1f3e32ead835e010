internal import Authorization
internal import Foundation
internal import JSON
internal import Yams

extension Settings {
    /// Reads a configuration file and the policies it names. Relative paths start at the file's own
    /// directory.
    public static func load(path: String) throws(SettingsError) -> Settings {
        let file = URL(fileURLWithPath: path).standardizedFileURL
        let faults = FaultList(file: path)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw SettingsError(faults: [Fault(file: path, line: nil, message: "the file cannot be read")])
        }
        do {
            guard let node = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) else {
                throw SettingsError(faults: [Fault(file: path, line: nil, message: "the file is empty")])
            }
            let reader = SettingsReader(faults: faults, directory: file.deletingLastPathComponent())
            let settings = reader.read(node)
            guard let settings, faults.faults.isEmpty else { throw SettingsError(faults: faults.faults) }
            return settings
        } catch let error as SettingsError {
            throw error
        } catch let error as YamlError {
            throw SettingsError(faults: [
                Fault(file: path, line: error.line, message: "not valid YAML: \(error.problemText)")
            ])
        } catch {
            throw SettingsError(faults: [Fault(file: path, line: nil, message: "not valid YAML")])
        }
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
