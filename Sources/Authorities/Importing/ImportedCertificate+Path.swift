internal import Foundation
internal import Issuance
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

extension ImportedCertificate {
    /// Follows the chain to its root, verifies every signature, and checks each certificate against the
    /// constraints of those above it.
    /// - Returns: faults of a foreign root that only strict relying parties refuse
    func verify(kind: CertificateAuthorityRecord.Kind, at now: Date) throws(CAError) -> [String] {
        guard ChainValidation.isValid(certificate, at: now) else {
            let (from, to) = (
                certificate.notValidBefore.formatted(.iso8601), certificate.notValidAfter.formatted(.iso8601)
            )
            throw .certificateMismatch("the certificate is not valid now, but from \(from) to \(to)")
        }
        let isSelfSigned = Self.isSelfSigned(certificate, fields)
        switch kind {
        case .root:
            guard isSelfSigned else {
                throw .certificateMismatch("the certificate of a root must be signed by its own key")
            }
            guard chain.isEmpty else { throw .certificateMismatch("a root has no CertificateChain") }
        case .subordinate:
            guard !isSelfSigned else {
                throw .certificateMismatch("the certificate of a subordinate must not be self-signed")
            }
            guard !chain.isEmpty else {
                throw .certificateMismatch("a subordinate needs a CertificateChain up to its root")
            }
            try checkOnce()
            try checkSignatures()
        }
        if let problem = ChainValidation.problem(
            certificate, below: chain, processed: Self.processed, at: now)
        {
            throw .certificateMismatch(
                "the certificate does not comply with those that signed it: \(problem)")
        }
        return try lintChain()
    }

    /// Refuses a repeated certificate, which every client would get twice.
    private func checkOnce() throws(CAError) {
        guard !chainDER.contains(der) else {
            throw .certificateMismatch("the CertificateChain must not hold the certificate itself")
        }
        for (index, certificate) in chainDER.enumerated() {
            guard let first = chainDER[..<index].firstIndex(of: certificate) else { continue }
            throw .certificateMismatch(
                "\(Self.place(index)) is the same as certificate \(first + 1): it is in the chain twice")
        }
    }

    private func checkSignatures() throws(CAError) {
        let certificates = [certificate] + chain
        let names = [fields] + chainFields
        for (index, parent) in chain.enumerated() {
            if index + 1 < chain.count, Self.isSelfSigned(parent, chainFields[index]) {
                throw .certificateMismatch(
                    "\(Self.place(index)) is a root, and certificate \(index + 2) follows it")
            }
            try checkIssuer(certificates[index], names[index], parent, chainFields[index], index)
        }
        guard let root = chain.last, let name = chainFields.last, Self.isSelfSigned(root, name) else {
            throw .certificateMismatch("the last certificate of the CertificateChain is not a root")
        }
    }

    private func checkIssuer(
        _ child: Certificate, _ childFields: CertificateFields, _ parent: Certificate,
        _ parentFields: CertificateFields, _ index: Int
    ) throws(CAError) {
        let isSigned = parent.publicKey.isValidSignature(child.signature, for: child)
        let isNamed = Self.isNamed(childFields.issuer, parentFields.subject)
        if isSigned, isNamed { return }
        let place = Self.place(index)
        guard isSigned else {
            throw .certificateMismatch("\(place) did not sign the one before it")
        }
        let difference = NameDifference.description(of: childFields.issuer, from: parentFields.subject)
        throw .certificateMismatch(
            "\(place) signed the one before it, whose issuer is another name than its subject: it "
                + (difference ?? "is not a Name"))
    }

    private static func isSelfSigned(_ certificate: Certificate, _ fields: CertificateFields) -> Bool {
        isNamed(fields.issuer, fields.subject)
            && certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    /// RFC 5280, section 6.1.3 (a)(4), by the comparison of section 7.1.
    private static func isNamed(_ issuer: ArraySlice<UInt8>, _ subject: ArraySlice<UInt8>) -> Bool {
        guard let name = NameMatch(derEncoded: issuer) else { return false }
        return name == NameMatch(derEncoded: subject)
    }

    // The operators of subordinate authorities cannot replace a root, and relying parties that trust it use
    // only its name and key.
    private func lintChain() throws(CAError) -> [String] {
        for (index, certificate) in chainDER.enumerated().dropLast() {
            try Self.refuse(Linter.findings(inPath: certificate), in: Self.place(index))
        }
        guard let root = chainDER.last else { return [] }
        return Linter.findings(inPath: root).map { "the root of the CertificateChain: \($0)" }
    }

    /// The critical extensions of the API's list that relying parties process. OpenSSL refuses every path
    /// with another critical extension.
    private static let processed: Set<ASN1ObjectIdentifier> = allowedCritical.subtracting([
        .X509ExtensionID.authorityKeyIdentifier, .X509ExtensionID.subjectKeyIdentifier,
        .X509ExtensionID.issuerAlternativeName, .X509ExtensionID.subjectDirectoryAttributes,
        .X509ExtensionID.subjectInformationAccess,
    ])
}
