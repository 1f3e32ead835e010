internal import Glibc

/// The path of a file that this process writes, in a directory whose names only root and this process's user
/// can change.
///
/// A process of root must not write where another user chose: neither through a link of that user, nor in a
/// directory where that user can create a file meanwhile. The sticky bit of the file's own directory does not
/// help, because other users can add files to it.
public struct TrustedPlace: Sendable, Hashable {
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: Sendable, Hashable { case notThere, untrusted, unusable }

        public let kind: Kind
        public let description: String

        init(_ kind: Kind, _ description: String) {
            self.kind = kind
            self.description = description
        }
    }

    /// The absolute path without links, at the time of the check.
    public let path: String
    /// Whether the path had a regular file at that time.
    public let isThere: Bool
    /// The path of the directory.
    public var directory: String { Self.split(path).directory }

    /// - Parameter path: of a regular file, or of a file that does not exist in a directory that does. Links
    ///   of trusted users are followed.
    public init(_ path: String) throws(Failure) {
        guard !path.utf8.isEmpty, !path.utf8.contains(0), !path.unicodeScalars.contains("\u{FFFD}") else {
            throw Failure(.unusable, "the path `\(path)` is empty, or is not UTF-8")
        }
        if let steps = try Self.steps(path) {
            guard let file = steps.last, file.kind == .regularFile else {
                throw Failure(.unusable, "`\(path)` is there and is no regular file")
            }
            try Self.check(steps.dropLast(), directory: Self.split(file.path).directory)
            (self.path, isThere) = (file.path, true)
            return
        }
        let (directory, name) = Self.split(path)
        guard !name.isEmpty, name != ".", name != ".." else {
            throw Failure(.unusable, "`\(path)` names no file")
        }
        guard let steps = try Self.steps(directory), let last = steps.last else {
            throw Failure(.notThere, "the directory `\(directory)` does not exist")
        }
        try Self.check(steps[...], directory: last.path)
        guard last.kind == .directory else { throw Failure(.unusable, "`\(directory)` is no directory") }
        self.path = (last.path == "/" ? "" : last.path) + "/" + name
        isThere = false
        var status = stat()
        // The walk found no file, so an existing name is a link.
        guard unsafe lstat(self.path, &status) != 0 else {
            throw Failure(.unusable, "`\(path)` is a link to a file that does not exist")
        }
    }

    /// Nil when the path does not exist.
    private static func steps(_ path: String) throws(Failure) -> [PathWalk.Step]? {
        do { return try PathWalk.steps(to: path) } catch {
            if case .notThere = error { return nil }
            throw Failure(.untrusted, "`\(path)` cannot be examined: \(error.reason)")
        }
    }

    /// - Parameters:
    ///   - steps: the directories and links on the way to the file
    ///   - directory: the file's own
    private static func check(_ steps: ArraySlice<PathWalk.Step>, directory: String) throws(Failure) {
        // `..` leads to a directory that is not among the steps.
        guard let walked = try Self.steps(directory)?.last else {
            throw Failure(.notThere, "the directory `\(directory)` does not exist")
        }
        for step in steps + [walked] {
            let isOwn = step.path.utf8.elementsEqual(directory.utf8)
            let what = step.kind == .link ? "the link" : "the directory"
            guard step.owner == 0 || step.owner == geteuid() else {
                throw Failure(
                    .untrusted,
                    "\(what) `\(step.path)` belongs to uid \(step.owner), and not to root or to the user of this process"
                )
            }
            guard !step.isOpenToOthers, !isOwn || step.mode & 0o022 == 0 else {
                throw Failure(.untrusted, "others can write \(what) `\(step.path)`")
            }
        }
    }

    /// The part before the last slash, and the part after it.
    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let directory = path.utf8[..<slash]
        return (
            directory.isEmpty ? "/" : String(decoding: directory, as: UTF8.self),
            String(decoding: path.utf8[path.utf8.index(after: slash)...], as: UTF8.self)
        )
    }
}
