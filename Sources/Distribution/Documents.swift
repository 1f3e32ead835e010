internal import Dispatch
internal import NIOCore
internal import NIOHTTP1
internal import PKIX
internal import Synchronization

/// The files of the published directory, kept in memory while they do not change.
final class Documents: Sendable {
    private struct Kept {
        let file: PublishedFile
        let octets: ByteBuffer
    }

    private let directory: String
    private let kept = Mutex<[String: Kept]>([:])
    /// Disks can keep a call waiting for long, and the threads of tasks are few.
    private let queue = DispatchQueue(label: "signet.documents")

    /// Octets of all files that are kept.
    private static let mostOctets = 256 * 1024 * 1024

    init(directory: String) { self.directory = directory }

    /// - Parameters:
    ///   - key: the path below the directory
    ///   - since: when the document began to be valid
    ///   - until: when it ends, in seconds since 1970
    func answer(
        _ key: String, _ type: String, since: CivilTime?, until: Int64, at now: Int64
    ) async -> DistributionAnswer {
        guard let document = await document(key) else {
            return .text(.notFound, "there is no such document\n")
        }
        return .document(document.octets, type, tag: document.file.tag, since: since, until: until, at: now)
    }

    private func document(_ key: String) async -> Kept? {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.read(key)) }
        }
    }

    private func read(_ key: String) -> Kept? {
        let path = "\(directory)/\(key)"
        guard let file = PublishedFile(authority: key, path: path) else { return nil }
        if let known = kept.withLock({ $0[key] }), known.file == file { return known }
        guard let octets = file.contents() else { return nil }
        let new = Kept(file: file, octets: ByteBuffer(bytes: octets))
        kept.withLock { kept in
            kept[key] = nil
            let size = kept.values.reduce(0) { $0 + $1.octets.readableBytes } + octets.count
            if size > Self.mostOctets { kept = [:] }
            if octets.count <= Self.mostOctets { kept[key] = new }
        }
        return new
    }
}
