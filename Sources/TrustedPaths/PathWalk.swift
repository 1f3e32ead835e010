internal import Glibc

/// Every step by which the kernel reaches a file, including links.
///
/// Trust in a file is trust in each of them: the owner of a directory can replace the file, and the owner of
/// a link can redirect it. Paths are handled as octets and never normalized as text.
public enum PathWalk {
    public struct Step: Sendable, Hashable {
        public enum Kind: Sendable, Hashable { case directory, link, regularFile, other }

        /// Absolute, and without links in it.
        public let path: String
        public let kind: Kind
        public let owner: UInt32
        /// The permission bits and the sticky bit.
        public let mode: UInt32

        /// Whether users other than the owner can replace it. The mode of a link has no effect (symlink(7));
        /// in a directory with the sticky bit, like /tmp, a file can be replaced by its owner only.
        public var isOpenToOthers: Bool {
            switch kind {
            case .link: false
            case .directory: mode & 0o022 != 0 && mode & 0o1000 == 0
            case .regularFile, .other: mode & 0o022 != 0
            }
        }
    }

    public enum Failure: Error, Sendable, Hashable {
        /// A step that does not exist.
        case notThere(String)
        /// A step whose attributes cannot be read, with `errno`.
        case unreadable(String, Int32)
        case tooManyLinks

        /// The system's error message.
        public var reason: String {
            switch self {
            case .notThere: unsafe String(cString: strerror(ENOENT))
            case .unreadable(_, let number): unsafe String(cString: strerror(number))
            case .tooManyLinks: unsafe String(cString: strerror(ELOOP))
            }
        }
    }

    /// From the root directory to the file, in the order in which the kernel takes them. The last one is the
    /// file.
    public static func steps(to path: String) throws(Failure) -> [Step] {
        var rest = Array(components(Array(path.utf8)).reversed())
        var current: [UInt8] = []
        if path.utf8.first != slash {
            guard let directory = unsafe getcwd(nil, 0) else { throw .unreadable(".", errno) }
            rest += components(Array(unsafe String(cString: directory).utf8)).reversed()
            unsafe free(directory)
        }
        var steps = [try look(at: [])]
        var links = 0
        while let component = rest.popLast() {
            if component == Array("..".utf8) {
                // `current` holds no links, so its parent is the one before it. The parent of the root is the
                // root.
                current = Array(current.prefix(upTo: current.lastIndex(of: slash) ?? 0))
                if rest.isEmpty { steps.append(try look(at: current)) }
                continue
            }
            let next = current + [slash] + component
            let step = try look(at: next)
            steps.append(step)
            guard step.kind == .link else {
                current = next
                continue
            }
            links += 1
            // path_resolution(7): Linux follows at most 40 links.
            guard links <= 40 else { throw .tooManyLinks }
            let target = try destination(of: next)
            if target.first == slash { current = [] }
            rest += components(target).reversed()
            // A link to the root directory or to its own directory has no component that is looked at.
            if rest.isEmpty { steps.append(try look(at: current)) }
        }
        return steps
    }

    private static let slash = UInt8(ascii: "/")

    private static func components(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: slash).map(Array.init).filter { $0 != Array(".".utf8) }
    }

    private static func text(_ path: [UInt8]) -> String {
        path.isEmpty ? "/" : String(decoding: path, as: UTF8.self)
    }

    private static func look(at path: [UInt8]) throws(Failure) -> Step {
        var status = stat()
        let terminated = (path.isEmpty ? [slash] : path).map { CChar(bitPattern: $0) } + [0]
        guard unsafe lstat(terminated, &status) == 0 else {
            throw errno == ENOENT ? .notThere(text(path)) : .unreadable(text(path), errno)
        }
        let kind: Step.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFLNK: .link
            case S_IFREG: .regularFile
            default: .other
            }
        return Step(path: text(path), kind: kind, owner: status.st_uid, mode: status.st_mode & 0o7777)
    }

    private static func destination(of path: [UInt8]) throws(Failure) -> [UInt8] {
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(terminated, &buffer, buffer.count)
        guard count >= 0 else { throw .unreadable(text(path), errno) }
        // A longer target would be truncated and lead elsewhere.
        guard count < buffer.count else { throw .unreadable(text(path), ENAMETOOLONG) }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }
}
