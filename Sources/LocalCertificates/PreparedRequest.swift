internal import DurableFiles
internal import Foundation
internal import PKIX
internal import SwiftASN1
internal import X509

/// A certification request that is ready to be sent.
struct PreparedRequest {
    /// In PEM.
    let request: String
    let publicKey: Certificate.PublicKey
    /// The names that the certificate must have; nil for a request whose names are not compared.
    let names: NamesToFind?
    /// The new key that is written together with the certificate, in PEM.
    let newKey: String?
    /// The public key of the existing key file.
    let keyInFile: Certificate.PublicKey?
    var hasNewKey: Bool { newKey != nil }

    init(_ request: LocalCertificate.Request) throws(LocalCertificateFailure) {
        switch request {
        case .made(let octets, let comparesNames): try self.init(made: octets, comparesNames)
        case .names(let names, let path, let kind): try self.init(names, path, kind)
        }
    }

    func isSatisfied(by certificate: Certificate) throws(LocalCertificateFailure) -> Bool {
        try names?.missing(in: certificate).isEmpty ?? true
    }

    private init(made octets: [UInt8], _ comparesNames: Bool) throws(LocalCertificateFailure) {
        do {
            let der =
                PEM.isDER(octets)
                ? octets : try PEM.block(octets, labels: PEM.certificationRequest).contents
            let parsed = try CertificateSigningRequest(derEncoded: der)
            publicKey = parsed.publicKey
            names = comparesNames ? try NamesToFind(parsed) : nil
            request = PEM.encode(der, label: PEM.certificationRequest[0])
        } catch let error as PEMFault {
            throw LocalCertificateFailure("the certification request cannot be used: it \(error)", .usage)
        } catch {
            throw LocalCertificateFailure(
                "the certification request cannot be read: \(parseReason(error))", .usage)
        }
        (newKey, keyInFile) = (nil, nil)
    }

    private init(
        _ names: RequestedNames, _ path: String, _ kind: LocalKey.Kind?
    ) throws(LocalCertificateFailure) {
        let present = try Self.key(path)
        let key: LocalKey
        if let kind {
            do { key = try LocalKey(kind) } catch {
                throw LocalCertificateFailure("no key can be generated: \(error)")
            }
            do { newKey = try key.pem() } catch {
                throw LocalCertificateFailure("the new key cannot be encoded: \(error)")
            }
        } else if let present {
            (key, newKey) = (present, nil)
        } else {
            throw LocalCertificateFailure("the key file `\(path)` does not exist", .notFound)
        }
        request = try names.request(with: key)
        publicKey = key.privateKey.publicKey
        self.names = try NamesToFind(names)
        keyInFile = present?.privateKey.publicKey
    }

    /// Nil when the file does not exist.
    private static func key(_ path: String) throws(LocalCertificateFailure) -> LocalKey? {
        guard FileNames.targetIdentity(path) != nil else { return nil }
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            let isDenied = (error as? CocoaError)?.code == .fileReadNoPermission
            throw LocalCertificateFailure(
                "the key file `\(path)` cannot be read\(isDenied ? ": permission denied" : "; it is perhaps no regular file")",
                isDenied ? .denied : .usage)
        }
        do { return try LocalKey(pem: Array(data)) } catch {
            throw LocalCertificateFailure("the key file `\(path)` cannot be used: \(error)", .usage)
        }
    }
}
