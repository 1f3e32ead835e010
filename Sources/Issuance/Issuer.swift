public import Authorization
internal import Crypto
internal import Foundation
public import PKIX
internal import SwiftASN1
internal import X509

/// Turns an authorized request into a linted certificate. Pure: it reads no clock, no database and no token.
public enum Issuer {
    /// The time before issuance at which certificates begin, unless the request says otherwise: 60 minutes,
    /// in seconds.
    public static let defaultBackdate: Int64 = 3600

    /// Checks the request against the CSR, the template and the authority, builds the certificate and lints
    /// it.
    /// - Parameters:
    ///   - serialNumber: 16 random octets, reserved for this certificate by whoever calls
    ///   - now: the time of issuance
    ///   - backdate: seconds by which the certificate begins earlier
    public static func prepare(
        _ authorized: consuming Authorized<IssuanceRequest>, by authority: IssuingAuthority,
        serialNumber: [UInt8], at now: CivilTime, backdate: Int64 = defaultBackdate
    ) throws(IssuanceError) -> LintedCertificate {
        let request = authorized.request
        let template = try template(request.templateARN, partition: authority.arn.partition)
        guard request.signingAlgorithm.family == authority.keyAlgorithm.family else {
            throw .signingAlgorithmDoesNotFit(request.signingAlgorithm, authority.keyAlgorithm)
        }
        let subject: CertificationRequest
        do { subject = try CertificationRequest(pem: request.certificateSigningRequest) } catch {
            throw .certificationRequest(error)
        }
        try checkRole(template, subject, authority)
        let (notBefore, notAfter) = try validity(request, authority, template, at: now, backdate: backdate)
        let tbs: [UInt8]
        do {
            tbs = try TBSCertificate(
                serialNumber: serialNumber, signatureAlgorithm: request.signingAlgorithm,
                issuer: authority.subject, notBefore: notBefore, notAfter: notAfter, subject: subject.subject,
                subjectPublicKeyInfo: subject.subjectPublicKeyInfo,
                extensions: try extensions(template, subject, authority)
            ).derBytes()
        } catch { throw .encoding(parseReason(error)) }
        let findings = Linter.findings(
            tbsCertificate: tbs, signedWith: request.signingAlgorithm, authority: authority, at: now)
        guard findings.isEmpty else { throw .lint(findings) }
        return LintedCertificate(
            tbsCertificate: tbs, digest: Array(SHA256.hash(data: tbs)), serialNumber: serialNumber,
            notAfter: notAfter, templateARN: request.templateARN, signingAlgorithm: request.signingAlgorithm,
            authority: authority)
    }

    private static func template(
        _ arn: String, partition: String
    ) throws(IssuanceError) -> CertificateTemplate {
        guard let parsed = ARN(arn), parsed.service == "acm-pca", parsed.resource.hasPrefix("template/")
        else {
            throw .templateARNMalformed(arn)
        }
        // A policy judged the ARN as it was written, so there is one way to write it.
        guard let template = CertificateTemplate.all.first(where: { $0.arn(partition: partition) == arn })
        else { throw .templateUnknown(arn) }
        return template
    }

    private static func checkRole(
        _ template: CertificateTemplate, _ subject: CertificationRequest, _ authority: IssuingAuthority
    ) throws(IssuanceError) {
        let hasNames = subject.extensions[oid: .X509ExtensionID.subjectAlternativeName] != nil
        guard !subject.subjectName.isEmpty || hasNames else { throw .subjectAndNamesMissing }
        switch template.role {
        case .selfSignedAuthority:
            guard authority.isRoot, subject.publicKey == authority.publicKey,
                subject.subject == authority.subject
            else { throw .notOwnRequest(template: template.name) }
        case .subordinateAuthority:
            // RFC 5280, section 4.2.1.9: pathLenConstraint is how many intermediate authorities may follow.
            if let limit = authority.pathLength,
                limit < 1 + (template.basicConstraints.pathLength ?? .max - 1)
            {
                throw .pathLengthExceeded(template: template.name, limit: limit)
            }
        case .endEntity: break
        }
    }

    private static func validity(
        _ request: IssuanceRequest, _ authority: IssuingAuthority, _ template: CertificateTemplate,
        at now: CivilTime, backdate: Int64
    ) throws(IssuanceError) -> (notBefore: CivilTime, notAfter: CivilTime) {
        guard let notAfter = request.validity.end(from: now) else {
            throw .validityMalformed(request.validity)
        }
        let notBefore: CivilTime
        if let requested = request.notBefore {
            guard requested.unit == .absolute, let time = requested.end(from: now) else {
                throw .notBeforeMalformed
            }
            notBefore = time
        } else {
            guard let time = CivilTime(secondsSinceEpoch: now.secondsSinceEpoch - backdate) else {
                throw .notBeforeMalformed
            }
            notBefore = time
        }
        guard notAfter.secondsSinceEpoch > notBefore.secondsSinceEpoch,
            notAfter.secondsSinceEpoch > now.secondsSinceEpoch
        else { throw .validityEmpty(notBefore: notBefore, notAfter: notAfter) }
        if template.role == .selfSignedAuthority { return (notBefore, notAfter) }
        if let own = authority.certificate {
            let limit = Int64(own.notValidAfter.timeIntervalSince1970)
            if notAfter.secondsSinceEpoch > limit, let limit = CivilTime(secondsSinceEpoch: limit) {
                throw .validityExceedsIssuer(requested: notAfter, limit: limit)
            }
        }
        if let longest = authority.longestValidity,
            notAfter.secondsSinceEpoch - now.secondsSinceEpoch > longest
        {
            throw .validityTooLong(days: longest / 86_400)
        }
        return (notBefore, notAfter)
    }

    /// What the template defines, in the order of AWS's table, and the subject alternative names of the CSR.
    private static func extensions(
        _ template: CertificateTemplate, _ subject: CertificationRequest, _ authority: IssuingAuthority
    ) throws -> [Certificate.Extension] {
        var list = [
            try Certificate.Extension(
                template.basicConstraints, critical: template.isBasicConstraintsCritical)
        ]
        if template.role != .selfSignedAuthority {
            let identifier = AuthorityKeyIdentifier(keyIdentifier: ArraySlice(authority.keyIdentifier))
            list.append(try Certificate.Extension(identifier, critical: false))
        }
        let own = SubjectKeyIdentifier(keyIdentifier: ArraySlice(KeyIdentifier.sha1(of: subject.publicKey)))
        list.append(try Certificate.Extension(own, critical: false))
        list.append(try Certificate.Extension(template.keyUsage, critical: true))
        if !template.extendedKeyUsage.isEmpty {
            let usage = try ExtendedKeyUsage(template.extendedKeyUsage)
            list.append(try Certificate.Extension(usage, critical: false))
        }
        if let names = subject.extensions[oid: .X509ExtensionID.subjectAlternativeName] { list.append(names) }
        return list
    }
}

extension BasicConstraints {
    var pathLength: Int? {
        guard case .isCertificateAuthority(let length) = self else { return nil }
        return length
    }
}
