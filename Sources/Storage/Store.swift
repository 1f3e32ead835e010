/// All durable data of the daemon. Each use case takes only the protocol that it needs.
public protocol Store: AuthorityStore, CertificateStore, ApprovalStore, AuditReportStore, AuditLogStore,
    RevocationStore
{}
