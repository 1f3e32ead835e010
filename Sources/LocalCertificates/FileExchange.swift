internal import DurableFiles
internal import Foundation
internal import TrustedPaths
internal import X509

/// Replaces a certificate file, and the key file if the key is new.
struct FileExchange {
    let certificate: TrustedPlace
    /// Nil when the key stays.
    let key: TrustedPlace?

    private var places: [TrustedPlace] { [certificate, key].compactMap { $0 } }
    /// The path of a file that exists from the exchange until the service is reloaded.
    private var reloadMarker: String { ReplacementFile.path(beside: certificate, suffix: "reload") }

    /// Whether the files were exchanged and the service was not reloaded, because the process was killed in
    /// between.
    var needsReload: Bool { FileNames.exists(reloadMarker) }

    /// Throws when the files cannot be written. Call it before requesting a certificate. It leaves no files.
    func check() throws(LocalCertificateFailure) {
        do throws(FileNames.Failure) {
            for place in places {
                try ReplacementFile(repeatElement(0, count: 16_384), at: place, mode: 0o600).discard()
            }
        } catch { throw LocalCertificateFailure("\(error)", .denied) }
    }

    /// Replaces the contents of the files. All new contents are written and synced under other names before
    /// the first file is renamed. The old contents stay on disk until the service is reloaded. They are
    /// restored when a step or the reload command fails.
    /// - Parameter newKey: in PEM; nil when the key stays
    func replace(
        with certificates: String, newKey: String?, reload: ReloadCommand?
    ) throws(LocalCertificateFailure) {
        let written = try write(certificates, newKey)
        do throws(LocalCertificateFailure) { try conclude(reload) } catch {
            try rollBack(written, after: error)
            throw LocalCertificateFailure("\(error); the files are as they were", error.kind)
        }
    }

    /// Reloads the service, and removes the old contents.
    func conclude(_ reload: ReloadCommand?) throws(LocalCertificateFailure) {
        try reload?.run()
        for place in places { ReplacementFile.removePrevious(place) }
        FileNames.remove(reloadMarker)
    }

    /// A process that was killed between the two renames left the key of the new certificate under its
    /// unfinished name.
    func recover() {
        guard let key, let certificate = ServedCertificate(file: certificate.path),
            let data = try? Data(contentsOf: URL(fileURLWithPath: ReplacementFile.unfinishedPath(of: key))),
            let unfinished = try? LocalKey(pem: Array(data)),
            unfinished.privateKey.publicKey == certificate.certificate.publicKey
        else { return }
        try? FileNames.rename(ReplacementFile.unfinishedPath(of: key), to: key.path)
    }

    /// - Returns: the files that were renamed. After an error every path has its old contents
    private func write(
        _ certificates: String, _ newKey: String?
    ) throws(LocalCertificateFailure) -> [ReplacementFile] {
        // Contents kept by an interrupted exchange are not the ones that this exchange replaces.
        for place in places { ReplacementFile.removePrevious(place) }
        var (prepared, committed): ([ReplacementFile], [ReplacementFile]) = ([], [])
        do throws(FileNames.Failure) {
            prepared.append(try ReplacementFile(certificates.utf8, at: certificate, mode: 0o644))
            if let key, let newKey {
                // The new key is unreadable for other users even if the old key was readable.
                prepared.append(try ReplacementFile(newKey.utf8, at: key, mode: 0o600, withheld: 0o007))
            }
            try FileNames.make(reloadMarker)
            for file in prepared {
                // A commit that fails may still have renamed the file.
                committed.append(file)
                try file.commit()
            }
        } catch {
            for file in prepared { file.discard() }
            let failure = LocalCertificateFailure("\(error); the files are as they were")
            try rollBack(committed, after: failure)
            throw failure
        }
        return committed
    }

    /// Continues after a file that cannot be rolled back, and throws the first such failure at the end.
    private func rollBack(
        _ files: [ReplacementFile], after cause: LocalCertificateFailure
    ) throws(LocalCertificateFailure) {
        var failure: LocalCertificateFailure?
        for file in files {
            do { try file.rollBack() } catch {
                failure =
                    failure
                    ?? LocalCertificateFailure(
                        "\(cause); the old contents of `\(file.place.path)` are not in their place: \(error)")
            }
        }
        if let failure { throw failure }
        FileNames.remove(reloadMarker)
    }
}
