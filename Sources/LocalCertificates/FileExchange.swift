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
    private var mark: String {
        "\(certificate.directory)/.\(certificate.path.split(separator: "/").last ?? "").reload"
    }

    /// Whether the files were exchanged and the service was not reloaded: the process was ended meanwhile.
    var owesReload: Bool { FileNames.isThere(mark) }

    /// Throws when the files cannot be written, before a certificate is asked for. Leaves nothing.
    func check() throws(LocalCertificateFailure) {
        do throws(FileNames.Failure) {
            for place in places {
                try ReplacementFile(repeatElement(0, count: 16_384), at: place, mode: 0o600).discard()
            }
        } catch { throw LocalCertificateFailure("\(error)") }
    }

    /// Puts new contents in the files. All are written and synced under other names before the first one is renamed, and the old contents
    /// stay on disk until the service was reloaded. When a step or the reload command fails, they are put back.
    /// - Parameter newKey: in PEM; nil when the key stays
    func replace(
        with certificates: String, newKey: String?, reload: ReloadCommand?
    ) throws(LocalCertificateFailure) {
        do throws(LocalCertificateFailure) {
            try write(certificates, newKey)
            try conclude(reload)
        } catch {
            try putBack(after: error)
            throw LocalCertificateFailure("\(error); the files are as they were", error.kind)
        }
    }

    /// Reloads the service, and removes the old contents.
    func conclude(_ reload: ReloadCommand?) throws(LocalCertificateFailure) {
        try reload?.run()
        for place in places { ReplacementFile.conclude(place) }
        FileNames.remove(mark)
    }

    /// A process that was ended between two names left the key of the new certificate under its unfinished name.
    func recover() {
        guard let key, let certificate = ServedCertificate(file: certificate.path),
            let data = try? Data(contentsOf: URL(fileURLWithPath: ReplacementFile.unfinishedPath(of: key))),
            let unfinished = try? LocalKey(pem: Array(data)),
            unfinished.privateKey.publicKey == certificate.certificate.publicKey
        else { return }
        try? FileNames.rename(ReplacementFile.unfinishedPath(of: key), to: key.path)
    }

    private func write(_ certificates: String, _ newKey: String?) throws(LocalCertificateFailure) {
        // Contents that an interrupted exchange kept are not those that this one replaces.
        for place in places { ReplacementFile.conclude(place) }
        var written: [ReplacementFile] = []
        do throws(FileNames.Failure) {
            written.append(try ReplacementFile(certificates.utf8, at: certificate, mode: 0o644))
            if let key, let newKey {
                // Not even where the old key had been readable for every user.
                written.append(try ReplacementFile(newKey.utf8, at: key, mode: 0o600, withheld: 0o007))
            }
            try FileNames.make(mark)
            for file in written { try file.commit() }
        } catch {
            for file in written { file.discard() }
            throw LocalCertificateFailure("\(error)")
        }
    }

    private func putBack(after failure: LocalCertificateFailure) throws(LocalCertificateFailure) {
        for place in places {
            do { try ReplacementFile.putBack(place, wasThere: place.isThere) } catch {
                throw LocalCertificateFailure(
                    "\(failure); the old contents of `\(place.path)` cannot be put back: \(error)")
            }
        }
        FileNames.remove(mark)
    }
}
