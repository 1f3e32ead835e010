public import RecordKeeping
internal import Storage

/// Concludes requests that were being carried out when the daemon stopped.
public struct InterruptedApprovals: Sendable {
    let store: any ApprovalStore & CertificateStore
    let concludeApproval: ConcludeApproval

    /// Records the outcome of requests that are still APPROVED. The daemon stopped before it recorded them: a
    /// request whose certificate was issued is COMPLETED, and every other request is FAILED.
    public func conclude() async throws(CAError) {
        while true {
            let approved: [ApprovalSummary]
            do {
                approved = try await store.approvals(.approved, after: nil, limit: ApprovalLookup.mostAtOnce)
            } catch { throw .storage(error) }
            guard !approved.isEmpty else { return }
            for summary in approved { try await conclude(summary.id) }
        }
    }

    private func conclude(_ id: String) async throws(CAError) {
        let found: ApprovalRecord?
        do { found = try await store.approval(id) } catch { throw .storage(error) }
        if let record = found {
            let failure: String?
            if let serialNumber = record.serialNumber {
                let certificate: CertificateRecord?
                do { certificate = try await store.certificate(serialNumber: serialNumber) } catch {
                    throw .storage(error)
                }
                switch certificate?.status {
                case .issued: failure = nil
                case .failed(let reason): failure = reason
                case .reserved, nil: failure = "the daemon stopped before it was carried out; ask again"
                }
            } else {
                failure =
                    "the daemon stopped while it was carried out; see whether it was before you ask again"
            }
            _ = try await concludeApproval(of: record, failure: failure, requestID: nil)
        }
    }
}
