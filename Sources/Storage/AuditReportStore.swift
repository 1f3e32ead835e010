/// A store of audit reports. The reports themselves are files.
public protocol AuditReportStore: ChangeStore {
    func auditReport(_ id: String) async throws(StorageError) -> AuditReportRecord?

    /// Reports that are being made, oldest first.
    func unfinishedAuditReports() async throws(StorageError) -> [AuditReportRecord]
}
