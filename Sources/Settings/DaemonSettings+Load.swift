internal import Crypto
internal import Foundation
internal import Identifiers
internal import PKIX
public import StrictYAML
internal import TrustedPaths
internal import Yams

extension DaemonSettings {
    /// What a configuration is read for.
    public enum Purpose: Sendable {
        /// To serve with it: the directories that the daemon writes are checked as this process finds them.
        case serving
        /// To read what it says, as any user: the directories that the daemon writes are not checked.
        case reading
    }

    /// Reads a configuration file and the files it names. Relative paths start at the file's own directory.
    public static func load(
        path: String, for purpose: Purpose = .serving
    ) throws(StrictYAMLError) -> DaemonSettings {
        if let fault = FileTrust.fault(ofFile: path) {
            throw StrictYAMLError(faults: [Fault(file: path, line: nil, message: "the file \(fault)")])
        }
        let files = SourceFiles()
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard let data = files.read(file.path, named: path) else {
            throw .unreadable(file.path, named: path)
        }
        var settings = try StrictFile.parse(
            data, named: path, directory: file.deletingLastPathComponent()
        ) { node, directory, faults in
            SettingsReader(
                faults: faults, path: file.path, directory: directory, files: files, purpose: purpose
            ).read(node)
        }
        settings.files = files.contents.mapValues { hexadecimal(SHA256.hash(data: $0)) }
        return settings
    }

    /// The database that a configuration names, absolute, whatever else is wrong with the file. Nil when it
    /// names none.
    public static func databasePath(inConfiguration path: String) -> String? {
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard let text = try? String(contentsOf: file, encoding: .utf8),
            let name = (try? Yams.compose(yaml: text))?.mapping?["database"]?.string
        else { return nil }
        return URL(fileURLWithPath: name, relativeTo: file.deletingLastPathComponent()).standardizedFileURL
            .path
    }
}
