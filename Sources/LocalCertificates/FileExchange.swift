internal import DurableFiles
internal import Foundation

/// The exchange of a certificate, and of its key when that one is new.
struct FileExchange {
    let path: String
    let key: (path: String, pem: String)?

    /// Puts new contents in the files. Both are written and synced under other names before the first one is renamed.
    /// When a step or the reload command fails, the old contents are put back.
    func replace(with certificates: String, reload: ReloadCommand?) throws(LocalCertificateFailure) {
        var before: [(path: String, contents: Data?)] = []
        for path in [path, key?.path].compactMap({ $0 }) { before.append((path, try contents(path))) }
        do throws(LocalCertificateFailure) {
            try write(certificates)
            try reload?.run()
        } catch {
            for (path, contents) in before { try putBack(contents, path, after: error) }
            throw LocalCertificateFailure("\(error); the files are as they were")
        }
    }

    private func write(_ certificates: String) throws(LocalCertificateFailure) {
        var written: [ReplacementFile] = []
        do throws(FileNames.Failure) {
            written.append(try ReplacementFile(certificates.utf8, for: path, mode: 0o644))
            if let key { written.append(try ReplacementFile(key.pem.utf8, for: key.path, mode: 0o600)) }
            for file in written { try file.commit() }
        } catch {
            for file in written { file.discard() }
            throw LocalCertificateFailure("\(error)")
        }
    }

    /// Nil when the file does not exist.
    private func contents(_ path: String) throws(LocalCertificateFailure) -> Data? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do { return try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw LocalCertificateFailure(
                "`\(path)` cannot be read, and would be lost: \((error as? CocoaError)?.localizedDescription ?? "\(error)")"
            )
        }
    }

    private func putBack(
        _ contents: Data?, _ path: String, after failure: LocalCertificateFailure
    ) throws(LocalCertificateFailure) {
        guard try self.contents(path) != contents else { return }
        guard let contents else { return FileNames.remove(path) }
        do { try ReplacementFile(contents, for: path, mode: 0o600).commit() } catch {
            throw LocalCertificateFailure("\(failure); the old file `\(path)` cannot be put back: \(error)")
        }
    }
}
