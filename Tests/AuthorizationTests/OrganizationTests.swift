import Authorization
import JSON
import PKIX
import Testing

struct OrganizationTests {
    /// AWS's sample of a policy for a whole organization.
    @Test func `a policy for an organization applies to the accounts listed in it`() throws {
        let ca = "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/one"
        let shared = try Policy(
            resourcePolicy: [
                "Version": "2012-10-17",
                "Statement": [
                    "Effect": "Allow", "Principal": "*", "Action": "acm-pca:GetCertificate",
                    "Resource": .string(ca),
                    "Condition": ["StringEquals": ["aws:PrincipalOrgID": "o-a1b2c3d4e5"]],
                ],
            ], name: "r")
        let all = try Policy(
            identityPolicy: ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]], name: "i")
        let full = try Policy(
            guardrail: ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]], name: "g")
        func principal(_ account: String) throws -> Principal {
            Principal(arn: try #require(ARN("arn:aws:iam::\(account):role/r")), policies: [all])
        }
        let authorizer = Authorizer(
            Rulebook(
                principals: PrincipalMap([
                    .init(Binding(uid: 1), try principal("111111111111")),
                    .init(Binding(uid: 2), try principal("222222222222")),
                ]), organization: Organization(id: "o-a1b2c3d4e5", levels: ["111111111111": [[full]]])))
        func isAllowed(_ uid: UInt32) throws -> Bool {
            let requester = try authorizer.requester(
                .process(Peer(pid: 1, uid: uid, gid: uid)), for: .getCertificate)
            return authorizer.judge(
                HypotheticalRequest(
                    .getCertificate, on: ca, by: requester,
                    about: ResourceFacts(owner: "000000000000", policy: shared), at: .now())
            ).isAllowed
        }
        #expect(try isAllowed(1))
        #expect(try !isAllowed(2))
    }

    @Test func `keys of AWS services are accepted in resource policies only`() throws {
        let condition: JSONValue = ["StringEquals": ["aws:SourceAccount": "000000000000"]]
        _ = try Policy(
            resourcePolicy: [
                "Statement": [
                    "Effect": "Allow", "Principal": ["Service": "proxy.network-firewall.amazonaws.com"],
                    "Action": "acm-pca:IssueCertificate", "Resource": "*", "Condition": condition,
                ]
            ], name: "r")
        let fault = #expect(throws: PolicyFault.self) {
            try Policy(
                identityPolicy: [
                    "Statement": ["Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition]
                ], name: "i")
        }
        #expect(fault?.reason.contains("is known of AWS's services only") == true)
    }
}
