internal import X509

enum PurposesWithinAuthorityLint {
    // RFC 5280 leaves it open; relying parties (CryptoAPI, NSS, OpenSSL with -purpose) treat the
    // extendedKeyUsage of an authority as a limit for the certificates below.
    static let rule = LintRule("Signet", "extendedKeyUsage") { subject in
        guard !(subject.isSelfSigned && subject.isAuthority),
            let constraints = subject.issuance?.authority.constraints,
            !constraints.extendedKeyUsages.isEmpty,
            let usage = try? subject.certificate.extensions.extendedKeyUsage
        else { return nil }
        return constraints.excess(Array(usage)).map {
            "has \($0), which an issuing certificate does not allow"
        }
    }
}
