public import StrictYAML

extension Settings {
    /// Reads a configuration file and the policies it names. Relative paths start at the file's own
    /// directory.
    public static func load(path: String) throws(StrictYAMLError) -> Settings {
        try StrictFile.read(path) { node, directory, faults in
            SettingsReader(faults: faults, directory: directory).read(node)
        }
    }
}
