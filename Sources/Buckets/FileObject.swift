internal import Dispatch
internal import DurableFiles
internal import Foundation
internal import Publication

/// A file that is written under a name of its own, synced, and then given its key. Its directories and itself
/// get the permissions of the bucket's directory, so that its readers may read them.
final class FileObject: ReportObject {
    private let handle: FileHandle
    private let unfinished: URL
    private let final: URL
    /// Disks can keep a call waiting for long, and the threads of tasks are few.
    private let queue: DispatchQueue

    private init(handle: FileHandle, unfinished: URL, final: URL, queue: DispatchQueue) {
        self.handle = handle
        self.unfinished = unfinished
        self.final = final
        self.queue = queue
    }

    static func begin(_ key: String, below directory: String) async throws(BucketError) -> FileObject {
        let queue = DispatchQueue(label: "signet.bucket")
        return try await run(on: queue, about: directory) {
            let bucket = URL(fileURLWithPath: directory, isDirectory: true)
            let final = bucket.appendingPathComponent(key)
            let mode = try permissions(of: bucket)
            try makeDirectories(of: key, below: bucket, mode: mode)
            let unfinished = temporary(final)
            try Data().write(to: unfinished, options: .withoutOverwriting)
            try FileManager.default.setAttributes(
                [.posixPermissions: NSNumber(value: 0o600 | mode & 0o044)], ofItemAtPath: unfinished.path)
            return FileObject(
                handle: try FileHandle(forWritingTo: unfinished), unfinished: unfinished, final: final,
                queue: queue)
        }
    }

    static func discardUnfinished(_ key: String, below directory: String) async throws(BucketError) {
        try await run(on: DispatchQueue(label: "signet.bucket"), about: directory) {
            let path = temporary(
                URL(fileURLWithPath: directory, isDirectory: true).appendingPathComponent(key))
            guard FileManager.default.fileExists(atPath: path.path) else { return }
            // Of a file only: a directory is not removed with what is in it.
            FileNames.remove(path.path)
        }
    }

    func append(_ bytes: [UInt8]) async throws(BucketError) {
        let handle = handle
        try await Self.run(on: queue, about: unfinished.path) { try handle.write(contentsOf: Data(bytes)) }
    }

    func finish() async throws(BucketError) {
        let (handle, unfinished, final) = (handle, unfinished, final)
        try await Self.run(on: queue, about: final.path) {
            try handle.synchronize()
            try handle.close()
            try FileManager.default.moveItem(at: unfinished, to: final)
            try FileNames.syncDirectory(of: final.path)
        }
    }

    /// As ``finish()``, in place of a file with the same key.
    func replace() async throws(BucketError) {
        let (handle, unfinished, final) = (handle, unfinished, final)
        try await Self.run(on: queue, about: final.path) {
            try handle.synchronize()
            try handle.close()
            try FileNames.rename(unfinished.path, to: final.path)
            try FileNames.syncDirectory(of: final.path)
        }
    }

    func abandon() async {
        let (handle, unfinished) = (handle, unfinished)
        // A file that cannot be removed now is removed at the next start.
        try? await Self.run(on: queue, about: unfinished.path) {
            try? handle.close()
            try FileManager.default.removeItem(at: unfinished)
        }
    }

    /// Beside the file, so that a name is all that changes in the end.
    private static func temporary(_ final: URL) -> URL {
        final.deletingLastPathComponent().appendingPathComponent(".\(final.lastPathComponent).unfinished")
    }

    private static func permissions(of directory: URL) throws -> UInt32 {
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.path)
        return (attributes[.posixPermissions] as? NSNumber)?.uint32Value ?? 0o700
    }

    private static func makeDirectories(of key: String, below bucket: URL, mode: UInt32) throws {
        var directory = bucket
        for name in key.split(separator: "/").dropLast() {
            directory.appendPathComponent(String(name), isDirectory: true)
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory.path)
            let isThere = attributes?[.type] as? FileAttributeType == .typeDirectory
            if !isThere {
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
            }
            // The daemon's umask keeps other users out; a crash can have come between the two.
            if try permissions(of: directory) & 0o700 != 0o700 || !isThere {
                try FileManager.default.setAttributes(
                    [.posixPermissions: NSNumber(value: mode | 0o700)], ofItemAtPath: directory.path)
            }
            if !isThere { try FileNames.syncDirectory(of: directory.path) }
        }
    }

    static func run<Value: Sendable>(
        on queue: DispatchQueue, about path: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws(BucketError) -> Value {
        let result: Result<Value, BucketError> = await withCheckedContinuation { continuation in
            queue.async {
                do { continuation.resume(returning: .success(try body())) } catch {
                    continuation.resume(
                        returning: .failure(BucketError(reason: SystemReason.text(error), path: path)))
                }
            }
        }
        return try result.get()
    }
}
