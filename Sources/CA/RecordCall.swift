public import Audit
internal import Storage

extension CertificateAuthorities {
    /// Adds the event of a request that changed nothing: one that was refused, that failed, or that only
    /// read.
    public func record(_ event: AuditEvent) async throws(CAError) {
        try await commit([.append(event)])
    }
}
