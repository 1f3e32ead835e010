import Foundation
import TestSupport

/// A file system of a few mebibytes, unmounted when it is no longer referenced. Needs root.
final class SmallDisk: Sendable {
    let path: String
    private var filler: String { "\(path)/filler" }

    init(mebibytes: Int, at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Command.output("mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=0755", "tmpfs", path])
    }

    // Lazily, because a daemon may still be exiting.
    deinit { _ = try? Command.run("umount", ["--lazy", path]) }

    /// Fills the disk until there is no room for one more page.
    func fill() throws {
        // Ends with status 1, because the disk is full.
        _ = try Command.run("dd", ["if=/dev/zero", "of=\(filler)", "bs=4096", "status=none"])
    }

    func empty() throws { try FileManager.default.removeItem(atPath: filler) }
}
