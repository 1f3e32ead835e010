internal import Glibc
internal import TokenProtocol

/// The files named in a module's configuration, by the known variables and parameters.
struct ModuleFiles {
    /// Files and directories to read: the module, its neighbors, and files that its environment names.
    private(set) var read: [String] = []
    /// A directory to read and write.
    struct Named {
        let path: String
        /// The setting that names it.
        let setting: String
        /// The file that names it; nil for a variable or parameter.
        let source: String?
    }

    private(set) var named: [Named] = []

    init(_ opening: WorkerRequest.Opening, environment: [String: String]) {
        let module = RealPath(resolving: opening.module.path).text
        read.append(module)
        // The module's own libraries.
        if let slash = module.utf8.lastIndex(of: UInt8(ascii: "/")), slash > module.startIndex {
            read.append(String(module[..<slash]))
        }
        for (name, value) in environment {
            for path in Self.paths(in: value) where Self.isFile(path) || name == "LD_LIBRARY_PATH" {
                read.append(path)
            }
        }
        // SoftHSM 2, softhsm2.conf(5).
        if let path = environment["SOFTHSM2_CONF"], let tokens = Self.softHSMTokens(path) {
            named.append(Named(path: tokens, setting: "`directories.tokendir` in `\(path)`", source: path))
        }
        // tpm2-pkcs11, docs/INITIALIZING.md.
        if let store = environment["TPM2_PKCS11_STORE"], Self.isAbsolute(store) {
            named.append(Named(path: store, setting: "`TPM2_PKCS11_STORE`", source: nil))
        }
        // NSS, "PKCS #11 module specs".
        if let directory = opening.profile.initializeParameters.flatMap(Self.nssDirectory) {
            named.append(
                Named(path: directory, setting: "`configdir` in `initialize-parameters`", source: nil))
        }
    }

    private static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

    /// The absolute paths in the value of a variable, which may be a list.
    private static func paths(in value: String) -> [String] {
        value.utf8.split(separator: UInt8(ascii: ":")).map { String(decoding: $0, as: UTF8.self) }.filter(
            isAbsolute)
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func softHSMTokens(_ path: String) -> String? {
        guard let text = text(ofFile: path) else { return nil }
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1).map(trimmed)
            guard parts.count == 2, parts[0] == "directories.tokendir", isAbsolute(parts[1]) else { continue }
            return parts[1]
        }
        return nil
    }

    private static func nssDirectory(_ parameters: String) -> String? {
        let octets = Array(parameters.utf8)
        let key = Array("configdir='".utf8)
        let starts = octets.indices.first { octets[$0...].starts(with: key) }
        guard let starts else { return nil }
        var value = octets[(starts + key.count)...].prefix { $0 != UInt8(ascii: "'") }
        for kind in ["sql:", "dbm:", "extern:"] where value.starts(with: kind.utf8) {
            value = value.dropFirst(kind.utf8.count)
        }
        let path = String(decoding: value, as: UTF8.self)
        return isAbsolute(path) ? path : nil
    }

    private static func trimmed(_ octets: ArraySlice<UInt8>) -> String {
        let isBlank = { (octet: UInt8) in
            octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\t") || octet == 13
        }
        let start = octets.drop(while: isBlank)
        let end = start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex
        return String(decoding: start[..<end], as: UTF8.self)
    }

    /// At most 64 KiB of a regular file.
    private static func text(ofFile path: String) -> [UInt8]? {
        guard isFile(path) else { return nil }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var octets = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe Glibc.read(descriptor, &octets, octets.count)
        return count < 0 ? nil : Array(octets.prefix(count))
    }

    static func ownEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let octets = unsafe Array(String(cString: entry).utf8)
            let parts = octets.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                variables[String(decoding: parts[0], as: UTF8.self)] = String(
                    decoding: parts[1], as: UTF8.self)
            }
            unsafe next += 1
        }
        return variables
    }
}
