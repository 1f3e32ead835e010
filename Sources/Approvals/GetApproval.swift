public import Authorization

/// A request to show a waiting request. The front end answers it with the result of ``ApprovalLookup``.
public enum GetApproval {
    public struct Request: Authorizable {
        public static let action = Action.getApproval
        /// The resource of the waiting request.
        public let resource: String

        public init(resource: String) { self.resource = resource }
    }
}
