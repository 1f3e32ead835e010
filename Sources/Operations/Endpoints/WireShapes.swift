internal import Authorities
internal import Authorization
internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import WireAPI

extension SubjectAttributes {
    init(_ subject: ASN1Subject) {
        self.init()
        country = subject.country
        organization = subject.organization
        organizationalUnit = subject.organizationalUnit
        distinguishedNameQualifier = subject.distinguishedNameQualifier
        state = subject.state
        commonName = subject.commonName
        serialNumber = subject.serialNumber
        locality = subject.locality
        title = subject.title
        surname = subject.surname
        givenName = subject.givenName
        initials = subject.initials
        pseudonym = subject.pseudonym
        generationQualifier = subject.generationQualifier
        customAttributes = subject.customAttributes?.map {
            CustomAttribute(objectIdentifier: $0.objectIdentifier, value: $0.value)
        }
    }
}

extension ASN1Subject {
    /// - Throws: `InvalidArgsException` when it mixes what the API keeps apart
    func checked() throws -> SubjectAttributes {
        guard !mixesCustomAttributes else {
            throw CAError.invalidArguments(
                "a Subject has either CustomAttributes or the standard attributes, not both")
        }
        return SubjectAttributes(self)
    }

    init(_ subject: SubjectAttributes) {
        self.init()
        country = subject.country
        organization = subject.organization
        organizationalUnit = subject.organizationalUnit
        distinguishedNameQualifier = subject.distinguishedNameQualifier
        state = subject.state
        commonName = subject.commonName
        serialNumber = subject.serialNumber
        locality = subject.locality
        title = subject.title
        surname = subject.surname
        givenName = subject.givenName
        initials = subject.initials
        pseudonym = subject.pseudonym
        generationQualifier = subject.generationQualifier
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
            revocationConfiguration: .off, keyStorageSecurityStandard: record.keyStorageSecurityStandard,
            usageMode: record.usageMode.rawValue)
    }
}
