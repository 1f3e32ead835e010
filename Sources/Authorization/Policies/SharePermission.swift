public import JSON

/// The permission of a share (AWS RAM User Guide, "Managing permissions in AWS RAM"): a statement without
/// Principal and Resource, which the share adds.
public struct SharePermission: Sendable {
    public let name: String
    private let statements: [JSONValue]
    /// The AWS template that the permission allows; its ARN has the authority's partition.
    private let template: String?

    private static let reading: JSONValue = [
        "Effect": "Allow",
        "Action": [
            "acm-pca:DescribeCertificateAuthority", "acm-pca:GetCertificate",
            "acm-pca:GetCertificateAuthorityCertificate", "acm-pca:ListPermissions", "acm-pca:ListTags",
        ],
    ]

    private static func issuing(_ template: String, partition: String) -> JSONValue {
        [
            "Effect": "Allow", "Action": "acm-pca:IssueCertificate",
            "Condition": [
                "StringEquals": [
                    "acm-pca:TemplateArn": .string("arn:\(partition):acm-pca:::template/\(template)/V1")
                ]
            ],
        ]
    }

    /// AWS's managed permissions.
    public static let managed: [SharePermission] = [
        SharePermission(
            name: "AWSRAMDefaultPermissionCertificateAuthority",
            statements: [reading], template: "EndEntityCertificate"),
        SharePermission(
            name: "AWSRAMSubordinateCACertificatePathLen0IssuanceCertificateAuthority",
            statements: [reading], template: "SubordinateCACertificate_PathLen0"),
        SharePermission(
            name: "AWSRAMBlankEndEntityCertificateAPIPassthroughIssuanceCertificateAuthority",
            statements: [reading], template: "BlankEndEntityCertificate_APIPassthrough"),
        SharePermission(
            name: "AWSRAMBlankEndEntityCertificateAPICSRPassthroughIssuanceCertificateAuthority",
            statements: [reading], template: "BlankEndEntityCertificate_APICSRPassthrough"),
        SharePermission(
            name: "AWSRAMRevokeCertificateCertificateAuthority",
            statements: [["Effect": "Allow", "Action": "acm-pca:RevokeCertificate"]]),
    ]

    private init(name: String, statements: [JSONValue], template: String? = nil) {
        self.name = name
        self.statements = statements
        self.template = template
    }

    /// Reads a custom permission: an object with Effect, Action and, if needed, Condition.
    public init(_ document: JSONValue, name: String) throws(PolicyFault) {
        guard case .object(let members) = document else {
            throw PolicyFault(path: "", reason: "must be an object with Effect, Action and Condition")
        }
        if let unknown = members.names.filter({ !["Effect", "Action", "Condition"].contains($0) }).min() {
            throw PolicyFault(
                path: unknown,
                reason: "is not understood in a permission; the share itself says for whom and for what")
        }
        guard members["Effect"] == "Allow" else {
            throw PolicyFault(path: "Effect", reason: "must be `Allow`")
        }
        let actions: [JSONValue] =
            if case .array(let list)? = members["Action"] { list } else { [members["Action"] ?? .null] }
        for action in actions where !Action.grantableNames.contains(action.stringValue ?? "") {
            throw PolicyFault(
                path: "Action", reason: "can hold \(Action.grantableNames.joined(separator: ", ")) only")
        }
        self.init(name: name, statements: [document])
        // All other rules are those of every policy.
        _ = try policy(
            sharing: "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/x", with: ["*"])
    }

    /// The resource policy of a share with this permission.
    /// - Parameters:
    ///   - authority: its ARN
    ///   - principals: accounts and ARNs of roles and users
    ///   - resources: the daemon's possible resources; nil if unknown
    public func policy(
        sharing authority: String, with principals: [String], resources: AuthorityARNs? = nil
    ) throws(PolicyFault) -> Policy {
        let partition = ARN(authority)?.partition ?? "aws"
        let issuing = template.map { [Self.issuing($0, partition: partition)] } ?? []
        let whole = (statements + issuing).map { statement -> JSONValue in
            guard case .object(var members) = statement else { return statement }
            members["Principal"] = ["AWS": .array(principals.map { .string($0) })]
            members["Resource"] = .string(authority)
            return .object(members)
        }
        return try Policy(
            resourcePolicy: ["Version": "2012-10-17", "Statement": .array(whole)], name: "share \(name)",
            resources: resources)
    }
}
