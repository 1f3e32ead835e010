import Authorization
import Issuance
import JSON
import Testing

/// The values of a condition key are those that requests can have.
struct ConditionValueTests {
    @Test(arguments: SubjectKeyKind.allCases)
    func `every key algorithm is a value of signet-KeyAlgorithm`(_ kind: SubjectKeyKind) throws {
        _ = try Policy(
            identityPolicy: [
                "Statement": [
                    "Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                    "Condition": ["StringEquals": ["signet:KeyAlgorithm": .string(kind.rawValue)]],
                ]
            ], name: "p")
    }
}
