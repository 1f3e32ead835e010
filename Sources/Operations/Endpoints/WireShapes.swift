internal import Authorities
internal import Authorization
internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import WireAPI

extension SubjectAttributes {
    fileprivate typealias Member = (
        attribute: any WritableKeyPath<SubjectAttributes, String?> & Sendable,
        shape: any WritableKeyPath<ASN1Subject, String?> & Sendable
    )

    /// The standard attributes and the members of the API that carry them.
    fileprivate static let members: [Member] = [
        (\.country, \.country), (\.organization, \.organization),
        (\.organizationalUnit, \.organizationalUnit),
        (\.distinguishedNameQualifier, \.distinguishedNameQualifier), (\.state, \.state),
        (\.commonName, \.commonName), (\.serialNumber, \.serialNumber), (\.locality, \.locality),
        (\.title, \.title), (\.surname, \.surname), (\.givenName, \.givenName), (\.initials, \.initials),
        (\.pseudonym, \.pseudonym), (\.generationQualifier, \.generationQualifier),
    ]

    init(_ subject: ASN1Subject) {
        self.init()
        for (attribute, shape) in Self.members { self[keyPath: attribute] = subject[keyPath: shape] }
        customAttributes = subject.customAttributes?.map {
            CustomAttribute(objectIdentifier: $0.objectIdentifier, value: $0.value)
        }
    }
}

extension ASN1Subject {
    /// - Throws: `InvalidArgsException` when it combines members that the API does not allow together
    func checked() throws -> SubjectAttributes {
        guard !mixesCustomAttributes else {
            throw CAError.invalidArguments(
                "a Subject has either CustomAttributes or the standard attributes, not both")
        }
        return SubjectAttributes(self)
    }

    init(_ subject: SubjectAttributes) {
        self.init()
        for (attribute, shape) in SubjectAttributes.members {
            self[keyPath: shape] = subject[keyPath: attribute]
        }
        customAttributes = subject.customAttributes?.map {
            CustomAttribute(objectIdentifier: $0.objectIdentifier, value: $0.value)
        }
    }
}

extension CertificateAuthority {
    init(_ details: CertificateAuthorityDetails) {
        let record = details.record
        self.init(
            arn: details.arn.description, ownerAccount: details.arn.account, createdAt: record.createdAt,
            lastStateChangeAt: record.lastStateChangeAt, type: record.kind.rawValue,
            serial: details.serialNumber,
            status: details.status, notBefore: details.notBefore, notAfter: details.notAfter,
            failureReason: record.status == .failed ? "OTHER" : nil,
            certificateAuthorityConfiguration: CertificateAuthorityConfiguration(
                keyAlgorithm: record.keyAlgorithm.rawValue,
                signingAlgorithm: record.signingAlgorithm.rawValue,
                subject: ASN1Subject(record.subject),
                csrExtensions: record.certificateSigningRequest.flatMap { CsrExtensions(ofVerified: $0) }),
            revocationConfiguration: RevocationConfigurationShape(record.revocation),
            keyStorageSecurityStandard: record.keyStorageSecurityStandard,
            usageMode: record.usageMode.rawValue)
    }
}
