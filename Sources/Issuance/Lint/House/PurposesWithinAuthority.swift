internal import X509

enum PurposesWithinAuthorityLint {
    // RFC 5280 leaves it open; relying parties (CryptoAPI, NSS, OpenSSL with -purpose) take the extendedKeyUsage of an
    // authority for a limit of what it certifies.
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
