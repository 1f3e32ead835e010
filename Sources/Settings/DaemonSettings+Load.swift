internal import Crypto
internal import Foundation
internal import Identifiers
internal import PKIX
public import StrictYAML
internal import TrustedPaths

extension DaemonSettings {
    /// Reads a configuration file and the files it names. Relative paths start at the file's own directory.
    public static func load(path: String) throws(StrictYAMLError) -> DaemonSettings {
        if let fault = FileTrust.fault(ofFile: path) {
            throw StrictYAMLError(faults: [Fault(file: path, line: nil, message: "the file \(fault)")])
        }
        let files = SourceFiles()
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard let data = files.read(file.path, named: path) else { throw .unreadable(path) }
        var settings = try StrictFile.parse(
            data, named: path, directory: file.deletingLastPathComponent()
        ) { node, directory, faults in
            SettingsReader(faults: faults, path: file.path, directory: directory, files: files).read(node)
        }
        settings.files = files.contents.mapValues { hexadecimal(SHA256.hash(data: $0)) }
        return settings
    }
}
