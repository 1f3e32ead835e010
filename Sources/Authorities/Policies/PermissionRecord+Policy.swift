public import Authorization
internal import JSON
public import Storage

extension PermissionRecord {
    func isHeld(by principal: String, _ account: String) -> Bool {
        self.principal == principal && sourceAccount == account
    }

    var name: String { "\(principal) \(sourceAccount)" }

    /// The permission as an equivalent policy.
    public func policy(of authority: ARN) -> String {
        let statement: JSONValue = [
            "Effect": "Allow", "Principal": ["Service": .string(principal)],
            "Action": .array(actions.map { .string("acm-pca:\($0)") }),
            "Resource": .string(authority.description),
            "Condition": ["StringEquals": ["aws:SourceAccount": .string(sourceAccount)]],
        ]
        let document: JSONValue = ["Version": "2012-10-17", "Statement": [statement]]
        return String(decoding: document.encoded(), as: UTF8.self)
    }
}
