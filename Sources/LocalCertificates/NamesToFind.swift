internal import PKIX
internal import SwiftASN1
internal import X509

/// The names of a request, to be found in a certificate.
struct NamesToFind {
    private let commonNames: [String]
    /// Each with the text that a message shows.
    private let alternativeNames: [(name: GeneralName, text: String)]

    init(_ names: RequestedNames) throws(LocalCertificateFailure) {
        commonNames = names.commonName.map { [$0] } ?? []
        let texts = names.dnsNames + names.ipAddresses + names.uris + names.emailAddresses
        alternativeNames = Array(zip(try names.alternativeNames(), texts)).map { (name: $0.0, text: $0.1) }
    }

    /// The commonNames and the alternative names of a request.
    /// - Throws: what the parser throws for an extension
    init(_ request: CertificateSigningRequest) throws {
        commonNames = Self.commonNames(request.subject)
        alternativeNames =
            try (request.attributes.extensionRequest?.extensions.subjectAlternativeNames)
            .map { names in names.map { (name: $0, text: "\($0)") } } ?? []
    }

    /// The names that the certificate lacks.
    func missing(in certificate: Certificate) throws(LocalCertificateFailure) -> [String] {
        let present: [GeneralName]
        do {
            present = Array(try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([]))
        } catch {
            throw LocalCertificateFailure("the names of the certificate cannot be read: \(error)")
        }
        let found = Set(present.map(Self.comparable))
        let foundCommonNames = Self.commonNames(certificate.subject)
        return alternativeNames.filter { !found.contains(Self.comparable($0.name)) }.map { "`\($0.text)`" }
            + commonNames.filter { name in
                !foundCommonNames.contains { $0.utf8.elementsEqual(name.utf8) }
            }.map { "the commonName `\($0)`" }
    }

    private static func commonNames(_ subject: DistinguishedName) -> [String] {
        subject.flatMap { $0 }.filter { $0.type == .RDNAttributeType.commonName }.compactMap {
            String($0.value)
        }
    }

    /// Names of hosts are compared without case (RFC 4343).
    private static func comparable(_ name: GeneralName) -> GeneralName {
        if case .dnsName(let host) = name { .dnsName(host.lowercased()) } else { name }
    }
}
