/// Everything that the daemon remembers. Use cases take the part that they use.
public protocol Store: AuthorityStore, CertificateStore, ApprovalStore, AuditReportStore, AuditLogStore {}
