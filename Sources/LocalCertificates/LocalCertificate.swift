internal import DurableFiles
public import Foundation
internal import SwiftASN1
internal import TrustedPaths
internal import X509

/// A certificate of a service on this host: its file, its names, and when it is renewed.
public struct LocalCertificate: Sendable {
    public enum Request: Sendable {
        /// A certification request from the caller, in PEM or DER. Signet does not see its key.
        /// - Parameter comparesNames: whether the certificate must have the names of the request; false when
        ///   others can replace them
        case made([UInt8], comparesNames: Bool)
        /// A request for these names with the key in a file.
        case names(RequestedNames, key: String, new: LocalKey.Kind?)
    }

    /// The PEM file of the certificate.
    public let path: String
    public let request: Request
    /// Whether the file has the certificate's issuers too, without the root.
    public let isFullChain: Bool
    /// How long before its end the certificate is renewed; nil for now.
    public let renewBefore: TimeInterval?
    /// A line for `/bin/sh -c` that is run after the files were replaced.
    public let reload: String?

    public enum Outcome: Sendable {
        /// The certificate in the file needs no renewal until this time.
        case nothingToDo(end: Date)
        case renewed(end: Date)
        /// The certificate in the file needs no renewal, and the service was reloaded, because an earlier
        /// process was killed before doing so.
        case reloaded(end: Date)
    }

    public init(
        path: String, request: Request, isFullChain: Bool, renewBefore: TimeInterval?, reload: String?
    ) {
        self.path = path
        self.request = request
        self.isFullChain = isFullChain
        self.renewBefore = renewBefore
        self.reload = reload
    }

    /// Obtains a certificate when it is due, and replaces the files. The new certificate must have the key
    /// and the names of the request. After an error the files are unchanged; when the reload command fails,
    /// the old contents are restored.
    /// - Parameters:
    ///   - patience: the maximum time to wait for another process that renews in the same directory
    ///   - authority: called when nothing else is a reason to renew; nil when the authority is not known, which
    ///     is no reason either
    ///   - issue: called with the certification request in PEM
    public func renew(
        at now: Date, patience: Duration = .seconds(60),
        authority: () async throws -> IssuingAuthority? = { nil },
        issue: (_ request: String) async throws -> IssuedChain
    ) async throws -> Outcome {
        let (certificate, key) = try places()
        let lock = try await lock(certificate.directory, patience)
        defer { withExtendedLifetime(lock) {} }
        let exchange = FileExchange(certificate: certificate, key: key)
        exchange.recover()
        let prepared = try PreparedRequest(request)
        let reload = reload.map(ReloadCommand.init)
        if let current = try currentUnlessDue(prepared, certificate, now),
            try await authority()?.isIssuer(of: current) ?? true
        {
            let end = current.end
            guard exchange.needsReload else { return .nothingToDo(end: end) }
            try exchange.conclude(reload)
            return .reloaded(end: end)
        }
        // Checked before the request, so that no certificate is issued that cannot be written.
        try exchange.check()
        let issued = try await issue(prepared.request)
        let end = try check(issued, prepared)
        try exchange.replace(
            with: issued.pem(isFullChain: isFullChain), newKey: prepared.newKey, reload: reload)
        return .renewed(end: end)
    }

    /// The places of the certificate and of a new key.
    private func places() throws(LocalCertificateFailure) -> (certificate: TrustedPlace, key: TrustedPlace?) {
        let certificate: TrustedPlace
        do { certificate = try TrustedPlace(path) } catch { throw LocalCertificateFailure(error) }
        if let data = try? Data(contentsOf: URL(fileURLWithPath: certificate.path)),
            data.range(of: Data("PRIVATE KEY-----".utf8)) != nil
        {
            throw LocalCertificateFailure(
                "`\(path)` holds a private key, which the certificate would replace", .usage)
        }
        guard case .names(_, let keyPath, let kind) = request else { return (certificate, nil) }
        let isSame =
            FileNames.targetIdentity(keyPath).map { $0 == FileNames.targetIdentity(certificate.path) }
            ?? false
        guard !isSame else {
            throw LocalCertificateFailure("`\(path)` is the file of the key too", .usage)
        }
        guard kind != nil else { return (certificate, nil) }
        do throws(TrustedPlace.Failure) {
            let key = try TrustedPlace(keyPath)
            if key.path != certificate.path { return (certificate, key) }
        } catch { throw LocalCertificateFailure(error) }
        throw LocalCertificateFailure("`\(path)` is the file of the key too", .usage)
    }

    /// The certification request alone, in PEM. Writes no file.
    public func certificationRequest() throws(LocalCertificateFailure) -> String {
        try PreparedRequest(request).request
    }

    private func lock(
        _ directory: String, _ patience: Duration
    ) async throws(LocalCertificateFailure) -> DirectoryLock {
        do { return try await DirectoryLock(directory: directory, patience: patience) } catch {
            if case .taken = error { throw LocalCertificateFailure("\(error)", .busy) }
            throw LocalCertificateFailure("\(error)", .denied)
        }
    }

    /// The certificate in the file, if it needs no renewal, whatever authority issued it; nil otherwise.
    private func currentUnlessDue(
        _ prepared: PreparedRequest, _ place: TrustedPlace, _ now: Date
    ) throws(LocalCertificateFailure) -> ServedCertificate? {
        guard let renewBefore, let current = ServedCertificate(file: place.path), current.isInUse(at: now),
            current.end.timeIntervalSince(now) > renewBefore,
            prepared.hasNewKey || current.certificate.publicKey == prepared.publicKey,
            try prepared.isSatisfied(by: current.certificate)
        else { return nil }
        // A new key is made for the next certificate. Until then the certificate must have the key in the
        // file.
        if prepared.hasNewKey, prepared.keyInFile != current.certificate.publicKey { return nil }
        return current
    }

    /// Requires that the issued certificate is for the key and the names of the request.
    private func check(_ issued: IssuedChain, _ prepared: PreparedRequest) throws(LocalCertificateFailure)
        -> Date
    {
        let certificate: Certificate
        do { certificate = try Certificate(derEncoded: issued.certificate) } catch {
            throw LocalCertificateFailure("the issued certificate cannot be read: \(error)")
        }
        guard certificate.publicKey == prepared.publicKey else {
            throw LocalCertificateFailure("the issued certificate is not for the key of the request")
        }
        let missing = try prepared.names?.missing(in: certificate) ?? []
        guard missing.isEmpty else {
            throw LocalCertificateFailure(
                "the issued certificate lacks names of the request: \(missing.joined(separator: ", ")); the template may not take them"
            )
        }
        return certificate.notValidAfter
    }
}
