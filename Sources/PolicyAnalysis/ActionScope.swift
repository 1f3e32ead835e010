public import Authorization

extension Action {
    /// Whether requests for it are about a certificate authority; the others are about `*`.
    public var isAboutAuthority: Bool {
        switch self {
        case .createCertificateAuthority, .listCertificateAuthorities, .adoptCertificateAuthority,
            .drainToken,
            .listTemplates, .listTokens, .resumeToken, .describePolicy, .reloadPolicy, .getAuditEvent,
            .listAuditEvents, .getCheckpoint, .getEventProof, .listApprovals:
            false
        case .createCertificateAuthorityAuditReport, .createPermission, .deleteCertificateAuthority,
            .deletePermission, .deletePolicy, .describeCertificateAuthority,
            .describeCertificateAuthorityAuditReport, .getCertificate, .getCertificateAuthorityCertificate,
            .getCertificateAuthorityCsr, .getPolicy, .importCertificateAuthorityCertificate,
            .issueCertificate,
            .listPermissions, .listTags, .putPolicy, .restoreCertificateAuthority, .revokeCertificate,
            .tagCertificateAuthority, .untagCertificateAuthority, .updateCertificateAuthority,
            .approveRequest, .rejectRequest, .getApproval, .getIssuanceReceipt:
            true
        }
    }

    /// Whether there are requests for it about `*` as well.
    var isAlsoAboutNone: Bool { [.approveRequest, .rejectRequest, .getApproval].contains(self) }

    /// Whether requests for it name a template.
    public var namesTemplate: Bool { self == .issueCertificate }
}
