import Authorization
import Issuance
import JSON
import Testing

/// The values that policies take for a key are those that requests bring.
struct ConditionValueTests {
    @Test(arguments: SubjectKeyKind.allCases)
    func `every algorithm of a subject's key is a value of signet-KeyAlgorithm`(_ kind: SubjectKeyKind) throws
    {
        _ = try Policy(
            identityPolicy: [
                "Statement": [
                    "Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                    "Condition": ["StringEquals": ["signet:KeyAlgorithm": .string(kind.rawValue)]],
                ]
            ], name: "p")
    }
}
