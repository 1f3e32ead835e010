/// The actions that policies can allow: the operations of the API by their names in policies.
public enum Action: String, Sendable, Hashable, CaseIterable {
    case createCertificateAuthority = "acm-pca:CreateCertificateAuthority"
    case createCertificateAuthorityAuditReport = "acm-pca:CreateCertificateAuthorityAuditReport"
    case createPermission = "acm-pca:CreatePermission"
    case deleteCertificateAuthority = "acm-pca:DeleteCertificateAuthority"
    case deletePermission = "acm-pca:DeletePermission"
    case deletePolicy = "acm-pca:DeletePolicy"
    case describeCertificateAuthority = "acm-pca:DescribeCertificateAuthority"
    case describeCertificateAuthorityAuditReport = "acm-pca:DescribeCertificateAuthorityAuditReport"
    case getCertificate = "acm-pca:GetCertificate"
    case getCertificateAuthorityCertificate = "acm-pca:GetCertificateAuthorityCertificate"
    case getCertificateAuthorityCsr = "acm-pca:GetCertificateAuthorityCsr"
    case getPolicy = "acm-pca:GetPolicy"
    case importCertificateAuthorityCertificate = "acm-pca:ImportCertificateAuthorityCertificate"
    case issueCertificate = "acm-pca:IssueCertificate"
    case listCertificateAuthorities = "acm-pca:ListCertificateAuthorities"
    case listPermissions = "acm-pca:ListPermissions"
    case listTags = "acm-pca:ListTags"
    case putPolicy = "acm-pca:PutPolicy"
    case restoreCertificateAuthority = "acm-pca:RestoreCertificateAuthority"
    case revokeCertificate = "acm-pca:RevokeCertificate"
    case tagCertificateAuthority = "acm-pca:TagCertificateAuthority"
    case untagCertificateAuthority = "acm-pca:UntagCertificateAuthority"
    case updateCertificateAuthority = "acm-pca:UpdateCertificateAuthority"

    // Signet's own.
    case adoptCertificateAuthority = "signet:AdoptCertificateAuthority"
    case approveRequest = "signet:ApproveRequest"
    case describePolicy = "signet:DescribePolicy"
    case drainToken = "signet:DrainToken"
    case getAuditEvent = "signet:GetAuditEvent"
    case getCertificateRevocationList = "signet:GetCertificateRevocationList"
    case getOCSPResponse = "signet:GetOCSPResponse"
    case importCertificateRevocationList = "signet:ImportCertificateRevocationList"
    case importIssuedCertificate = "signet:ImportIssuedCertificate"
    case revokeHeldCertificate = "signet:RevokeHeldCertificate"
    case getCheckpoint = "signet:GetCheckpoint"
    case getEventProof = "signet:GetEventProof"
    case getIssuanceReceipt = "signet:GetIssuanceReceipt"
    case listAuditEvents = "signet:ListAuditEvents"
    case getApproval = "signet:GetApproval"
    case listApprovals = "signet:ListApprovals"
    case listJobs = "signet:ListJobs"
    case listTemplates = "signet:ListTemplates"
    case listTokens = "signet:ListTokens"
    case reloadPolicy = "signet:ReloadPolicy"
    case rejectRequest = "signet:RejectRequest"
    case resumeToken = "signet:ResumeToken"
}

extension Action {
    /// The actions that an authority's own policy and shares can grant. They use an authority and do not
    /// change it (AWS Private CA User Guide, "Customer managed permissions in RAM").
    public static let grantable: Set<Action> = [
        .describeCertificateAuthority, .getCertificate, .getCertificateAuthorityCertificate,
        .issueCertificate, .listPermissions, .listTags, .revokeCertificate,
    ]

    /// Their names, in order.
    public static let grantableNames = grantable.map(\.rawValue).sorted()
}

extension Action {
    /// The kind of resource of the action's requests.
    public enum Scope: Sendable, Hashable {
        /// A certificate authority.
        case authority
        /// `*`: none.
        case daemon
        /// The resource of the waiting request.
        case either
    }

    public var scope: Scope {
        switch self {
        case .createCertificateAuthority, .listCertificateAuthorities, .adoptCertificateAuthority,
            .describePolicy, .drainToken, .getAuditEvent, .getCheckpoint, .getEventProof, .listAuditEvents,
            .listApprovals, .listJobs, .listTemplates, .listTokens, .reloadPolicy, .resumeToken:
            .daemon
        case .getApproval, .approveRequest, .rejectRequest: .either
        case .createCertificateAuthorityAuditReport, .createPermission, .deleteCertificateAuthority,
            .deletePermission, .deletePolicy, .describeCertificateAuthority,
            .describeCertificateAuthorityAuditReport, .getCertificate, .getCertificateAuthorityCertificate,
            .getCertificateAuthorityCsr, .getPolicy, .importCertificateAuthorityCertificate,
            .issueCertificate, .listPermissions, .listTags, .putPolicy, .restoreCertificateAuthority,
            .revokeCertificate, .tagCertificateAuthority, .untagCertificateAuthority,
            .updateCertificateAuthority, .getIssuanceReceipt, .getCertificateRevocationList,
            .getOCSPResponse, .importCertificateRevocationList, .importIssuedCertificate,
            .revokeHeldCertificate:
            .authority
        }
    }
}
