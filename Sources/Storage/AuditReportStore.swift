/// A store of audit reports. The reports themselves are files.
public protocol AuditReportStore: ChangeStore {
    func auditReport(_ id: String) async throws(StorageError) -> AuditReportRecord?

    /// Those that are being made, the oldest first.
    func unfinishedAuditReports() async throws(StorageError) -> [AuditReportRecord]
}
