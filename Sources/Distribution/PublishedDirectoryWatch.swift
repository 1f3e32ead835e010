internal import Foundation
internal import Logging
internal import PKIX
internal import Synchronization

/// Looks at the published directory, and tells the cache of responses about each new CRL.
final class PublishedDirectoryWatch: Sendable {
    /// What is known of an authority's CRL.
    struct KnownList: Sendable {
        let file: PublishedFile
        /// Nil for a file that is no CRL.
        let thisUpdate: CivilTime?
        let nextUpdate: CivilTime?
    }

    private let directory: String
    private let cache: StatusCache
    private let logger: Logger
    private let known = Mutex<[String: KnownList]>([:])
    private let gone = Mutex<Set<String>>([])

    init(directory: String, cache: StatusCache, logger: Logger) {
        self.directory = directory
        self.cache = cache
        self.logger = logger
    }

    var lists: [KnownList] { known.withLock { Array($0.values) } }

    /// The CRL of an authority; nil without one.
    func list(of authority: String) -> KnownList? { known.withLock { $0[authority] } }

    /// Looks once. It reads only the CRLs that changed.
    /// - Returns: whether the directory can be read
    @discardableResult
    func look() -> Bool {
        let path = "\(directory)/crl"
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            forgetAll(but: [])
            // The daemon makes it with the first CRL.
            return FileManager.default.isReadableFile(atPath: directory)
                && !FileManager.default.fileExists(atPath: path)
        }
        var seen: Set<String> = []
        for name in names {
            let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].elementsEqual("crl".utf8), let id = String(parts[0]),
                AuthorityID.isOne(id), let file = PublishedFile(authority: id, path: "\(path)/\(name)"),
                seen.insert(id).inserted, known.withLock({ $0[id]?.file }) != file
            else { continue }
            read(file)
        }
        forgetAll(but: seen)
        return true
    }

    /// How many CRLs were there and are gone.
    var goneCount: Int { gone.withLock { $0.count } }

    private func forgetAll(but seen: Set<String>) {
        let missing = known.withLock { known in
            let missing = known.keys.filter { !seen.contains($0) }
            for id in missing { known[id] = nil }
            return missing
        }
        gone.withLock { gone in
            gone.formUnion(missing)
            gone.subtract(seen)
        }
        for id in missing {
            logger.error("a published CRL is gone", metadata: ["authority": "\(id)"])
            cache.supersede(id, by: nil)
        }
    }

    private func read(_ file: PublishedFile) {
        let list = file.contents().flatMap { try? CertificateList(derEncoded: $0) }
        if list == nil {
            logger.error("a published CRL cannot be read", metadata: ["file": "\(file.path)"])
        }
        cache.supersede(file.authority, by: list)
        known.withLock {
            $0[file.authority] = KnownList(
                file: file, thisUpdate: list?.thisUpdate, nextUpdate: list?.nextUpdate)
        }
    }
}
