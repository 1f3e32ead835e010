public import Authorization

/// A request to show what waits for officers. The front end shows what ``ApprovalLookup`` finds.
public enum GetApproval {
    public struct Request: Authorizable {
        public static let action = Action.getApproval
        /// What the request that waits is about.
        public let resource: String

        public init(resource: String) { self.resource = resource }
    }
}
