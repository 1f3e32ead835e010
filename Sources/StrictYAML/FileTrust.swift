internal import Foundation

/// Who can change a file that decides: root and the daemon's own user, and nobody else.
public enum FileTrust {
    /// What is wrong with the file or a directory on the way to it, completing "the file …"; nil when nothing is, or it is not
    /// there.
    public static func fault(ofFile path: String) -> String? {
        var step = URL(fileURLWithPath: path).standardizedFileURL
        // Link by link: who can change a directory on the way can put another file there, or another link.
        for _ in 0..<40 {
            var directory = step.deletingLastPathComponent()
            while true {
                if let fault = fault(directory.path, "the directory `\(directory.path)`") { return fault }
                if directory.path == "/" { break }
                directory.deleteLastPathComponent()
            }
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: step.path) else {
                return fault(step.path, "it")
            }
            step =
                URL(fileURLWithPath: next, relativeTo: step.deletingLastPathComponent()).standardizedFileURL
        }
        return "cannot be trusted: it is a link to a link, without an end"
    }

    private static func fault(_ path: String, _ what: String) -> String? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved),
            let owner = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value,
            let mode = (attributes[.posixPermissions] as? NSNumber)?.uint32Value
        else { return nil }
        guard owner == 0 || owner == geteuid() else {
            return
                "cannot be trusted: \(what) belongs to uid \(owner); give it to root or to the daemon's user"
        }
        // In a directory like /tmp nobody can replace what is another's.
        let isSticky = mode & 0o1000 != 0 && attributes[.type] as? FileAttributeType == .typeDirectory
        guard mode & 0o022 == 0 || isSticky else {
            return "cannot be trusted: others can write \(what); take it from them (chmod go-w)"
        }
        return nil
    }
}
