public import StrictYAML

extension Settings {
    /// Reads a configuration file and the policies it names. Relative paths start at the file's own
    /// directory.
    public static func load(path: String) throws(StrictYAMLError) -> Settings {
        if let fault = FileTrust.fault(ofFile: path) {
            throw StrictYAMLError(faults: [Fault(file: path, line: nil, message: "the file \(fault)")])
        }
        return try StrictFile.read(path) { node, directory, faults in
            SettingsReader(faults: faults, directory: directory).read(node)
        }
    }
}
