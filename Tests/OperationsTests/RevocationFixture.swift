import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import RecordKeeping
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// A scenario whose certificates are revoked.
struct RevocationFixture {
    let scenario: Scenario
    var api: InMemoryAPI { scenario.api }
    let id: String

    /// - Parameter ocsp: how OCSP requests are answered, for a daemon other than the scenario's
    init(ocsp: OCSPSettings? = nil) async throws {
        var scenario = try await Scenario.copy()
        if let ocsp { scenario = try scenario.restarted(ocsp: ocsp) }
        self.scenario = scenario
        id = String(scenario.filled("$root").suffix(36))
    }

    private init(_ scenario: Scenario, _ id: String) {
        self.scenario = scenario
        self.id = id
    }

    /// The same store and keys in a daemon after a restart.
    func restarted(makesKeys: Bool = true) throws -> RevocationFixture {
        Self(try scenario.restarted(makesKeys: makesKeys), id)
    }

    func revoke(
        _ serial: String, reason: String = "KEY_COMPROMISE", of authority: String = "$root"
    ) async -> APIError? {
        let input = scenario.filled(
            #"{"CertificateAuthorityArn": "\#(authority)", "CertificateSerial": "\#(serial)", "RevocationReason": "\#(reason)"}"#
        )
        guard case .failure(let error) = await api.call("ACMPrivateCA.RevokeCertificate", input) else {
            return nil
        }
        return error
    }

    func update(_ members: String, of authority: String = "$root") async -> APIError? {
        let input = scenario.filled(#"{"CertificateAuthorityArn": "\#(authority)", \#(members)}"#)
        guard case .failure(let error) = await api.call("ACMPrivateCA.UpdateCertificateAuthority", input)
        else { return nil }
        return error
    }

    func issue(days: Int = 30, _ template: String? = nil) async throws -> String {
        var input = Scenario.issue.replacing(#""Value": 30"#, with: #""Value": \#(days)"#)
        if let template { input = input.replacing("EndEntityCertificate", with: template) }
        return try await api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate", scenario.filled(input))
    }

    func certificate(_ arn: String) async throws -> Certificate {
        let text = try await api.value(
            "Certificate", of: "ACMPrivateCA.GetCertificate",
            scenario.filled(#"{"CertificateAuthorityArn": "$root", "CertificateArn": "\#(arn)"}"#))
        return try Certificate(pemEncoded: text)
    }

    func publish() async { _ = try? await api.useCases.publication.publishCertificateLists() }

    func list() throws -> CertificateList {
        try CertificateList(derEncoded: try #require(api.published.files["crl/\(id).crl"]))
    }

    func serials(_ list: CertificateList) -> [String] {
        var serials: [String] = []
        list.forEachEntry { entry in
            serials.append(
                entry.serialNumber.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
        }
        return serials
    }

    func number(_ list: CertificateList) -> UInt64 {
        (list.number ?? []).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
