public import RecordKeeping
internal import Storage

/// Concludes the requests that were approved when the daemon stopped.
public struct InterruptedApprovals: Sendable {
    let store: any ApprovalStore & CertificateStore
    let concludeApproval: ConcludeApproval

    /// The daemon stopped after the last approval, and before what became of it was recorded.
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
