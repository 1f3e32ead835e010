internal import DurableFiles
public import Foundation
public import PKIX
internal import TrustedPaths
internal import X509

/// The CRLs of a whole chain in one file. Servers that verify the certificates of clients look for the CRL of
/// every authority in the chain, and refuse every client when one is missing.
public struct RevocationBundle: Sendable {
    /// The authorities from the issuing one up to the root, in DER.
    public let chain: [[UInt8]]

    public init(chain: [[UInt8]]) { self.chain = chain }

    /// The newest valid CRL of each authority, in PEM and in the order of the chain.
    /// - Parameter lists: CRLs in any order; those of other authorities are left out
    /// - Throws: when an authority has none
    public func pem(of lists: [CertificateList], at now: Date) throws(LocalCertificateFailure) -> String {
        var text = ""
        for der in chain {
            let (name, issuer, key) = try authority(der)
            let own = lists.filter { $0.issuer.elementsEqual(issuer) && $0.isSigned(by: key) }
            guard !own.isEmpty else {
                throw LocalCertificateFailure(
                    "there is no CRL of `\(name)`; servers that check the whole chain would refuse every client",
                    .notFound)
            }
            // A partial CRL, or one for other uses, would let revoked certificates pass.
            guard own.allSatisfy({ $0.version == 2 && !$0.extensions.contains(where: \.isCritical) }) else {
                throw LocalCertificateFailure(
                    "a CRL of `\(name)` has a critical extension, or is of version 1; give a complete CRL of version 2",
                    .usage)
            }
            text += PEM.encode(try Self.newest(of: own, name, at: now), label: "X509 CRL") + "\n"
        }
        return text
    }

    /// The DER of the newest CRL that is valid now.
    private static func newest(
        of lists: [CertificateList], _ name: String, at now: Date
    ) throws(LocalCertificateFailure) -> [UInt8] {
        let seconds = now.timeIntervalSince1970
        let valid = lists.filter {
            Double($0.thisUpdate.secondsSinceEpoch) <= seconds
                && ($0.nextUpdate?.secondsSinceEpoch).map { Double($0) > seconds } ?? false
        }
        guard let newest = valid.max(by: { precedes($0, $1) }) else {
            throw LocalCertificateFailure("the CRL of `\(name)` has expired, or is not valid yet")
        }
        return newest.derBytes
    }

    /// Replaces the file in one step unless it has these contents, and then runs the reload command. When the
    /// command fails, the file has its old contents again.
    /// - Parameter reload: a line for `/bin/sh -c`; nil for none
    /// - Returns: whether the file was replaced
    public func write(
        _ text: String, to path: String, reload: String?, patience: Duration = .seconds(60)
    ) async throws(LocalCertificateFailure) -> Bool {
        let place: TrustedPlace
        do { place = try TrustedPlace(path) } catch { throw LocalCertificateFailure(error) }
        let lock: DirectoryLock
        do { lock = try await DirectoryLock(directory: place.directory, patience: patience) } catch {
            if case .taken = error { throw LocalCertificateFailure("\(error)", .busy) }
            throw LocalCertificateFailure("\(error)", .denied)
        }
        defer { withExtendedLifetime(lock) {} }
        if let present = try? Data(contentsOf: URL(fileURLWithPath: place.path)), !present.isEmpty,
            present.range(of: Data("-----BEGIN X509 CRL-----".utf8)) == nil
        {
            throw LocalCertificateFailure(
                "`\(path)` has no CRL, and its contents would be lost; give another file", .usage)
        }
        // Left by a process that was ended before the server had read the file.
        let mark = ReplacementFile.path(beside: place, suffix: "reload")
        let isSame = (try? Data(contentsOf: URL(fileURLWithPath: place.path))) == Data(text.utf8)
        if isSame, reload == nil || !FileNames.exists(mark) { return false }
        let file: ReplacementFile
        do throws(FileNames.Failure) {
            file = try ReplacementFile(text.utf8, at: place, mode: 0o644)
            if reload != nil { try? Data().write(to: URL(fileURLWithPath: mark)) }
            try file.commit()
        } catch { throw LocalCertificateFailure(error.description) }
        if let reload {
            defer { FileNames.remove(mark) }
            do { try ReloadCommand(line: reload).run() } catch {
                do { try file.rollBack() } catch let failure {
                    throw LocalCertificateFailure("\(error); \(failure)")
                }
                throw LocalCertificateFailure("\(error); the file is as it was")
            }
        }
        ReplacementFile.removePrevious(place)
        return true
    }

    private func authority(
        _ der: [UInt8]
    ) throws(LocalCertificateFailure) -> (name: String, issuer: ArraySlice<UInt8>, key: SubjectPublicKey) {
        do {
            let fields = try CertificateFields(derEncoded: der)
            let certificate = try CertificateParser.parse(der, fields)
            return (
                certificate.subject.rfc4514, fields.subject,
                try SubjectPublicKey(derEncoded: Array(fields.subjectPublicKeyInfo))
            )
        } catch { throw LocalCertificateFailure("a certificate of the chain cannot be read: \(error)") }
    }

    /// By number, and without one by time.
    private static func precedes(_ one: CertificateList, _ other: CertificateList) -> Bool {
        guard let number = one.number, let another = other.number else {
            return one.thisUpdate.secondsSinceEpoch < other.thisUpdate.secondsSinceEpoch
        }
        return number.count == another.count
            ? number.lexicographicallyPrecedes(another) : number.count < another.count
    }
}
