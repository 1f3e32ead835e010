internal import CPlatform
internal import Glibc

/// A path without links. Compared by octets.
struct RealPath: Equatable {
    let text: String

    /// The target of `path`, or `path` itself if it does not exist yet.
    init(resolving path: String) {
        guard let resolved = unsafe realpath(path, nil) else {
            text = path
            return
        }
        defer { unsafe free(resolved) }
        text = unsafe String(cString: resolved)
    }

    /// The path of an open descriptor; nil when the kernel does not report it.
    init?(of descriptor: Int32) {
        var path = [CChar](repeating: 0, count: 4097)
        guard unsafe signet_path_of_descriptor(descriptor, &path, path.count) == 0 else { return nil }
        text = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether `other` is this path or below it.
    func contains(_ other: RealPath) -> Bool {
        let (own, its) = (text.utf8, other.text.utf8)
        guard its.starts(with: own) else { return false }
        return its.count == own.count || text == "/" || its.dropFirst(own.count).first == UInt8(ascii: "/")
    }

    /// Whether a path leads through one of `roots` or a directory in one. The last component does not count.
    static func leads(_ path: String, through roots: [RealPath]) -> Bool {
        let octets = Array(path.utf8)
        return octets.indices.contains { index in
            guard octets[index] == UInt8(ascii: "/"), index > 0 else { return false }
            let directory = RealPath(resolving: String(decoding: octets[..<index], as: UTF8.self))
            return roots.contains { $0.contains(directory) }
        }
    }

    /// The names in a directory without `.` and `..`; empty when it cannot be read.
    func entries() -> [String] {
        guard let directory = unsafe opendir(text) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func == (left: RealPath, right: RealPath) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
}
