extension Endpoint {
    /// Every operation there is.
    static let all: [Endpoint] = [
        .createCertificateAuthority, .describeCertificateAuthority, .listCertificateAuthorities,
        .getCertificateAuthorityCsr, .getCertificateAuthorityCertificate,
        .importCertificateAuthorityCertificate, .issueCertificate, .getCertificate,
        .issueConstrainedCertificate, .listTemplates, .listTokens, .drainToken, .resumeToken,
        .adoptCertificateAuthority, .tagCertificateAuthority, .untagCertificateAuthority, .listTags,
        .listApprovals, .getApproval, .approveRequest, .rejectRequest, .describePolicy, .reloadPolicy,
        .getAuditEvent, .listAuditEvents,
        .getCheckpoint, .getEventProof, .getIssuanceReceipt, .putPolicy, .getPolicy,
        .deletePolicy, .createPermission, .deletePermission, .listPermissions,
        .createCertificateAuthorityAuditReport, .describeCertificateAuthorityAuditReport,
    ]
}
