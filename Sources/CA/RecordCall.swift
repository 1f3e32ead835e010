public import Audit
internal import Storage

extension CertificateAuthorities {
    /// Adds the event of a request that changed nothing: one that was refused, that failed, or that only
    /// read.
    public func record(_ event: AuditEvent) async throws(CAError) {
        try await commit([.append(event)])
    }

    /// Adds an event of the daemon's own, which nobody waits for: now, or as soon as the log can be written.
    /// - Returns: why it could not be added now; nil when it was
    @discardableResult
    public func recordInTime(_ event: AuditEvent) async -> CAError? {
        do {
            try await record(event)
            return nil
        } catch {
            interruption.note(event, at: clock())
            return error
        }
    }
}
