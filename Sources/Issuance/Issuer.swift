public import Authorization
internal import Crypto
internal import Foundation
public import PKIX
internal import SwiftASN1
internal import X509

/// Turns an authorized request into a linted certificate. Pure: it reads no clock, no database and no token.
public enum Issuer {
    /// Checks the request against the CSR, the template and the authorities above, builds the certificate and
    /// lints it.
    /// - Parameters:
    ///   - serialNumber: 16 random octets, reserved for this certificate by the caller
    ///   - now: the time of issuance
    public static func prepare(
        _ authorized: consuming Authorized<IssuanceRequest>, by authority: IssuingAuthority,
        serialNumber: [UInt8], at now: CivilTime
    ) throws(IssuanceError) -> LintedCertificate {
        try linted(authorized.request, by: authority, serialNumber: serialNumber, at: now)
    }

    /// The result of ``prepare(_:by:serialNumber:at:)`` for a request that is not allowed yet, for officers
    /// to examine. It cannot be signed.
    public static func preview(
        _ request: IssuanceRequest, by authority: IssuingAuthority, serialNumber: [UInt8], at now: CivilTime
    ) throws(IssuanceError) -> CertificatePreview {
        let linted = try linted(request, by: authority, serialNumber: serialNumber, at: now)
        return CertificatePreview(
            tbsCertificate: linted.tbsCertificate, digest: linted.digest, notAfter: linted.notAfter)
    }

    private static func linted(
        _ request: IssuanceRequest, by authority: IssuingAuthority, serialNumber: [UInt8], at now: CivilTime
    ) throws(IssuanceError) -> LintedCertificate {
        let template = try request.template.get()
        guard request.signingAlgorithm.family == authority.keyAlgorithm.family else {
            throw .signingAlgorithmDoesNotFit(request.signingAlgorithm, authority.keyAlgorithm)
        }
        let csr: CertificationRequest
        do { csr = try request.certificationRequest.get() } catch {
            throw .certificationRequest(error)
        }
        do { try csr.checkKeyThoroughly() } catch { throw .certificationRequest(error) }
        try checkRole(template, request, csr, authority)
        let (notBefore, notAfter) = try validity(request, authority, template, at: now)
        let content = try request.content.get()
        try checkNames(content, template, request, csr, authority)
        let extensions = try content.extensions(by: authority, serialNumber: serialNumber)
        let tbs: [UInt8]
        do {
            tbs = try TBSCertificate(
                serialNumber: serialNumber, signatureAlgorithm: request.signingAlgorithm,
                issuer: authority.subject, notBefore: notBefore, notAfter: notAfter, subject: content.subject,
                subjectPublicKeyInfo: csr.subjectPublicKeyInfo, extensions: extensions
            ).derBytes()
        } catch { throw .encoding(parseReason(error)) }
        let findings = Linter.findings(
            tbsCertificate: tbs, signedWith: request.signingAlgorithm, authority: authority,
            templateKeyUsage: template.content.keyUsage)
        guard findings.isEmpty else { throw .lint(findings, isCSRAlone: request.isCSRAlone) }
        return LintedCertificate(
            tbsCertificate: tbs, digest: Array(SHA256.hash(data: tbs)), serialNumber: serialNumber,
            issuer: authority.subjectText ?? content.subjectText, subject: content.subjectText,
            notBefore: notBefore, notAfter: notAfter,
            templateARN: request.templateARN, ignored: content.ignored,
            signingAlgorithm: request.signingAlgorithm, authority: authority)
    }

    private static func checkRole(
        _ template: CertificateTemplate, _ request: IssuanceRequest, _ csr: CertificationRequest,
        _ authority: IssuingAuthority
    ) throws(IssuanceError) {
        if request.nameConstraints != nil, template.role == .endEntity {
            throw .nameConstraintsDoNotFit(template: template.name)
        }
        switch template.role {
        case .selfSignedAuthority:
            guard authority.isRoot, csr.publicKey == authority.subjectPublicKey,
                csr.subject == authority.subject
            else { throw .notOwnRequest(template: template.name) }
            return
        case .subordinateAuthority:
            // RFC 5280, section 4.2.1.9: pathLenConstraint is how many intermediate authorities may follow.
            if let limit = authority.constraints.pathLength,
                limit < 1 + (template.content.basicConstraints.pathLength ?? .max - 1)
            {
                throw .pathLengthExceeded(template: template.name, limit: limit)
            }
        case .endEntity:
            if let limit = authority.constraints.pathLength, limit < 0 {
                throw .pathLengthExceeded(template: template.name, limit: limit)
            }
        }
        if let defect = authority.constraints.defect { throw .chainDefect(defect) }
    }

    /// The names in the certificate, whatever their source.
    private static func checkNames(
        _ content: CertificateContent, _ template: CertificateTemplate, _ request: IssuanceRequest,
        _ csr: CertificationRequest, _ authority: IssuingAuthority
    ) throws(IssuanceError) {
        let entry = content.subjectAlternativeNameExtension
        let names = content.alternativeNames
        if content.subjectName.hasNoAttribute {
            guard let entry else { throw .subjectAndNamesMissing }
            guard entry.critical else {
                if request.isCSRAlone { throw .namesNotCritical }
                throw .passthroughMalformed(
                    "without a subject the subject alternative name extension must be critical")
            }
        }
        if template.role == .selfSignedAuthority {
            // The authority's own name, which relying parties look for as issuer.
            guard content.subject == authority.subject else { throw .notOwnRequest(template: template.name) }
        } else if !authority.constraints.nameConstraints.isEmpty,
            let violation = authority.constraints.violation(
                subject: content.subjectName, alternativeNames: names)
        {
            throw .nameConstraintViolation(violation)
        }
        if let violation = template.rules.violation(
            subject: content.subjectName, names: names, key: csr.publicKey)
        {
            throw .templateRule(template: template.name, violation: violation)
        }
    }
}

extension BasicConstraints {
    var pathLength: Int? {
        guard case .isCertificateAuthority(let length) = self else { return nil }
        return length
    }
}
