internal import APIClient
internal import Foundation
internal import VisibleText
internal import WireAPI

/// The calls that make a new authority ACTIVE: get its CSR, issue its certificate, and import it.
struct Activation {
    let client: SignetClient
    /// Reports each step on standard error.
    let progress: (EscapedText) -> Void

    /// - Parameters:
    ///   - issuer: the signing authority: for a root the new authority itself, otherwise its parent
    func activate(
        _ authority: String, issuer: String, template: String, days: Int64?,
        nameConstraints: NameConstraintsShape? = nil
    ) async throws {
        let request = try await client.call(
            GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: authority))
        progress("csr         fetched")
        let signing = try await signingAlgorithm(of: issuer)
        let issued = try await client.issue(
            IssueCertificateOperation.Input(
                certificateAuthorityArn: issuer, csr: Blob(request.csr.utf8), signingAlgorithm: signing,
                templateArn: try TemplateName.arn(template, like: issuer),
                validity: try await validity(days, issuer: issuer, isRoot: authority == issuer)),
            nameConstraints: nameConstraints)
        progress("asked       \(issued.certificateArn)")
        let certificate = try await client.call(
            GetCertificateOperation.self,
            .init(certificateAuthorityArn: issuer, certificateArn: issued.certificateArn))
        progress("issued      \(issued.certificateArn)")
        _ = try await client.call(
            ImportCertificateAuthorityCertificateOperation.self,
            .init(
                certificateAuthorityArn: authority, certificate: Blob(certificate.certificate.utf8),
                certificateChain: certificate.certificateChain.map { Blob($0.utf8) }))
        progress("activated   \(authority)")
    }

    /// The given number of days; by default ten years for a root, and for a subordinate five years or the
    /// rest of its issuer's validity.
    private func validity(_ days: Int64?, issuer: String, isRoot: Bool) async throws -> ValidityShape {
        if let days { return .init(value: days, type: "DAYS") }
        if isRoot { return .init(value: 3650, type: "DAYS") }
        let description = try await client.call(
            DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: issuer))
        let wish = Date().addingTimeInterval(1825 * 86_400)
        let end = min(wish, description.certificateAuthority.notAfter ?? wish)
        return .init(value: Int64(end.timeIntervalSince1970.rounded(.down)), type: "ABSOLUTE")
    }

    func signingAlgorithm(of authority: String) async throws -> String {
        let description = try await client.call(
            DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: authority))
        return description.certificateAuthority.certificateAuthorityConfiguration.signingAlgorithm
    }
}

extension SignetClient {
    /// Calls IssueCertificate, or IssueConstrainedCertificate if there are name constraints.
    func issue(
        _ input: IssueCertificateOperation.Input, nameConstraints: NameConstraintsShape?
    ) async throws -> IssueCertificateOperation.Output {
        guard let nameConstraints else { return try await call(IssueCertificateOperation.self, input) }
        return try await call(
            IssueConstrainedCertificateOperation.self,
            .init(request: input, nameConstraints: nameConstraints))
    }
}
