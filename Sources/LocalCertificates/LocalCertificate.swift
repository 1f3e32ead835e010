internal import DurableFiles
public import Foundation
internal import SwiftASN1
internal import TrustedPaths
internal import X509

/// A certificate of a service on this host: where it lies, what it is for, and when it is renewed.
public struct LocalCertificate: Sendable {
    public enum Request: Sendable {
        /// A certification request that the caller made, in PEM or DER. Its key stays where it is.
        case made([UInt8])
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
    /// A line for `/bin/sh -c`, run after the files were replaced.
    public let reload: String?

    /// Why the directory of a file cannot be trusted; nil when it can. Another user that can change the directory could put its own
    /// files in it while this process, which may be root's, writes.
    public var directoryFault: String? {
        for file in [path, keyPath].compactMap({ $0 }) {
            let directory = FileNames.directory(of: URL(fileURLWithPath: file).resolvingSymlinksInPath().path)
            if let fault = FileTrust.fault(ofFile: directory) {
                return "the directory `\(directory)` \(fault)"
            }
        }
        return nil
    }

    private var keyPath: String? { if case .names(_, let key, _) = request { key } else { nil } }

    public enum Outcome: Sendable {
        /// The certificate in the file is good until then.
        case nothingToDo(end: Date)
        case renewed(end: Date)
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

    /// Has the certificate issued when it is due, and replaces the files. The new certificate must be for the key and the names of the
    /// request. After an error the files are as they were; when the reload command fails, the old files are put back.
    /// - Parameters:
    ///   - patience: how long to wait for another process that renews in the same directory
    ///   - issue: is given the certification request in PEM
    public func renew(
        at now: Date, patience: Duration = .seconds(60),
        issue: (_ request: String) async throws -> IssuedChain
    ) async throws -> Outcome {
        let lock = try await lock(patience)
        defer { withExtendedLifetime(lock) {} }
        let prepared = try PreparedRequest(request)
        if let end = try endOfGood(prepared, now) { return .nothingToDo(end: end) }
        let issued = try await issue(prepared.request)
        let end = try check(issued, prepared)
        try FileExchange(path: path, key: prepared.newKey).replace(
            with: issued.pem(isFullChain: isFullChain),
            reload: reload.map(ReloadCommand.init))
        return .renewed(end: end)
    }

    /// The certification request alone, in PEM. Makes no file.
    public func certificationRequest() throws(LocalCertificateFailure) -> String {
        try PreparedRequest(request).request
    }

    private func lock(_ patience: Duration) async throws(LocalCertificateFailure) -> DirectoryLock {
        let directory = FileNames.directory(of: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        do { return try await DirectoryLock(directory: directory, patience: patience) } catch {
            if case .taken = error { throw LocalCertificateFailure("\(error)", .busy) }
            throw LocalCertificateFailure("\(error)")
        }
    }

    /// The end of the certificate in the file, when that one is good for longer than ``renewBefore``.
    private func endOfGood(
        _ prepared: PreparedRequest, _ now: Date
    ) throws(LocalCertificateFailure) -> Date? {
        guard let renewBefore, let current = ServedCertificate(file: path),
            current.end.timeIntervalSince(now) > renewBefore,
            prepared.hasNewKey || current.certificate.publicKey == prepared.publicKey,
            try prepared.isSatisfied(by: current.certificate)
        else { return nil }
        // A new key is made for the next certificate; until then the one in the file must be the certificate's.
        if prepared.hasNewKey, prepared.keyInFile != current.certificate.publicKey { return nil }
        return current.end
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
