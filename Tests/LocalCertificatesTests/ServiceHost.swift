import Foundation
import LocalCertificates
import TestSupport

/// The directory of a service.
struct ServiceHost {
    let directory: TemporaryDirectory
    var authority: TestAuthority
    var path: String { directory.path("tls.pem") }
    var key: String { directory.path("tls.key") }

    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestAuthority()
    }

    func certificate(
        _ names: [String] = ["www.example.com"], new: LocalKey.Kind? = .ec,
        renewBefore: TimeInterval? = nil,
        reload: String? = nil
    ) -> LocalCertificate {
        LocalCertificate(
            path: path, request: .names(RequestedNames(dnsNames: names), key: key, new: new),
            isFullChain: true, renewBefore: renewBefore, reload: reload)
    }

    /// Whether a certificate was issued.
    func renew(_ certificate: LocalCertificate, seconds: TimeInterval = 3600) async throws -> Bool {
        let outcome = try await certificate.renew(at: .now, patience: .zero) {
            try authority.issue($0, seconds: seconds)
        }
        if case .renewed = outcome { return true } else { return false }
    }

    /// The names and contents of all files but the lock's.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where name != ".signet.lock" {
            files[name] = try Data(contentsOf: directory.url(name))
        }
        return files
    }

    func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
