public import RecordKeeping

/// Keeps, lists, approves, rejects and expires requests that wait for officers. The front end carries out
/// approved requests, as it does all requests.
public final class ApprovalUseCases: Sendable {
    public let lookup: ApprovalLookup
    public let times: ApprovalTimes
    public let requestApproval: RequestApproval
    public let listApprovals: ListApprovals
    public let approveRequest: ApproveRequest
    public let rejectRequest: RejectRequest
    public let concludeApproval: ConcludeApproval
    public let endApprovals: EndApprovals
    public let interrupted: InterruptedApprovals

    public init(_ context: CAContext, times: ApprovalTimes) {
        let (store, recorder) = (context.store, context.recorder)
        let (naming, clock) = (context.naming, context.clock)
        self.times = times
        lookup = ApprovalLookup(store: store, recorder: recorder, naming: naming, clock: clock)
        requestApproval = RequestApproval(
            store: store, approvals: lookup, recorder: recorder, naming: naming, clock: clock,
            lifetime: times.lifetime)
        listApprovals = ListApprovals(store: store, approvals: lookup, recorder: recorder)
        approveRequest = ApproveRequest(approvals: lookup, recorder: recorder, clock: clock)
        rejectRequest = RejectRequest(approvals: lookup, recorder: recorder)
        concludeApproval = ConcludeApproval(approvals: lookup, naming: naming, clock: clock)
        endApprovals = EndApprovals(
            approvals: lookup, recorder: recorder, clock: clock, retention: times.retention)
        interrupted = InterruptedApprovals(store: store, concludeApproval: concludeApproval)
    }
}
