internal import APIClient
internal import Foundation
internal import WireAPI

/// The calls that make a new authority ACTIVE: its CSR, a certificate for it, and the import of that.
struct Activation {
    let client: APIClient
    /// Tells of each step, on standard error.
    let progress: (String) -> Void

    /// - Parameters:
    ///   - issuer: the authority that signs: the new one itself for a root, its parent otherwise
    func activate(_ authority: String, issuer: String, template: String, days: Int64) async throws {
        let request = try await client.call(
            GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: authority))
        progress("csr         fetched")
        let signing = try await signingAlgorithm(of: issuer)
        let issued = try await client.call(
            IssueCertificateOperation.self,
            .init(
                certificateAuthorityArn: issuer, csr: Blob(request.csr.utf8), signingAlgorithm: signing,
                templateArn: try TemplateName.arn(template, like: issuer),
                validity: .init(value: days, type: "DAYS")))
        progress("issued      \(issued.certificateArn)")
        let certificate = try await client.call(
            GetCertificateOperation.self,
            .init(certificateAuthorityArn: issuer, certificateArn: issued.certificateArn))
        _ = try await client.call(
            ImportCertificateAuthorityCertificateOperation.self,
            .init(
                certificateAuthorityArn: authority, certificate: Blob(certificate.certificate.utf8),
                certificateChain: certificate.certificateChain.map { Blob($0.utf8) }))
        progress("activated   \(authority)")
    }

    func signingAlgorithm(of authority: String) async throws -> String {
        let description = try await client.call(
            DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: authority))
        return description.certificateAuthority.certificateAuthorityConfiguration.signingAlgorithm
    }
}

/// Templates by the short names people use.
enum TemplateName {
    /// `EndEntityCertificate/V1` becomes an ARN in the partition of `authority`'s.
    static func arn(_ name: String, like authority: String) throws -> String {
        if name.hasPrefix("arn:") { return name }
        let parts = authority.split(separator: ":", maxSplits: 2)
        guard parts.count > 2 else {
            throw UsageFailure(
                message: "`\(authority)` is not an ARN", hint: "`signet ca list` shows those there are")
        }
        return "arn:\(parts[1]):acm-pca:::template/\(name)"
    }
}
