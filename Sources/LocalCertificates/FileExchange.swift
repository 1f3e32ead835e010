internal import DurableFiles
internal import Foundation
internal import TrustedPaths
internal import X509

/// The exchange of a certificate, and of its key when that one is new.
struct FileExchange {
    let certificate: TrustedPlace
    /// Nil when the key stays.
    let key: TrustedPlace?

    private var places: [TrustedPlace] { [certificate, key].compactMap { $0 } }
    /// Exists from the exchange until the service was reloaded.
    private var reloadMarker: String { ReplacementFile.path(beside: certificate, suffix: "reload") }

    /// Whether the files were exchanged and the service was not reloaded: the process was killed meanwhile.
    var needsReload: Bool { FileNames.isThere(reloadMarker) }

    /// Throws when the files cannot be written, before a certificate is asked for. Leaves nothing.
    func check() throws(LocalCertificateFailure) {
        do throws(FileNames.Failure) {
            for place in places {
                try ReplacementFile(repeatElement(0, count: 16_384), at: place, mode: 0o600).discard()
            }
        } catch { throw LocalCertificateFailure("\(error)", .denied) }
    }

    /// Puts new contents in the files. All are written and synced under other names before the first one is
    /// renamed, and the old contents stay on disk until the service was reloaded. When a step or the reload
    /// command fails, they are put back.
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

    /// A process that was ended between two names left the key of the new certificate under its unfinished
    /// name.
    func recover() {
        guard let key, let certificate = ServedCertificate(file: certificate.path),
            let data = try? Data(contentsOf: URL(fileURLWithPath: ReplacementFile.unfinishedPath(of: key))),
            let unfinished = try? LocalKey(pem: Array(data)),
            unfinished.privateKey.publicKey == certificate.certificate.publicKey
        else { return }
        try? FileNames.rename(ReplacementFile.unfinishedPath(of: key), to: key.path)
    }

    /// - Returns: the files that have their paths now. After an error every path has its old contents.
    private func write(
        _ certificates: String, _ newKey: String?
    ) throws(LocalCertificateFailure) -> [ReplacementFile] {
        // Contents that an interrupted exchange kept are not those that this one replaces.
        for place in places { ReplacementFile.removePrevious(place) }
        var (prepared, committed): ([ReplacementFile], [ReplacementFile]) = ([], [])
        do throws(FileNames.Failure) {
            prepared.append(try ReplacementFile(certificates.utf8, at: certificate, mode: 0o644))
            if let key, let newKey {
                // Not even where the old key was readable for every user.
                prepared.append(try ReplacementFile(newKey.utf8, at: key, mode: 0o600, withheld: 0o007))
            }
            try FileNames.make(reloadMarker)
            for file in prepared {
                // Also a commit that fails can have renamed the file.
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

    /// Goes on after a file that cannot be rolled back, and throws the first such failure in the end.
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
