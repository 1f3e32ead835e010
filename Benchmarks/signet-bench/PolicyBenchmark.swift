internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import JSON
internal import PKIX

/// Processor time of one decision, of one thread, with more and more statements.
struct PolicyBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Decisions a second, and microseconds of CPU for each.")

    @Option var statements = 1000
    @Option var count = 20_000

    private struct Request: Authorizable {
        static let action = Action.issueCertificate
        let resource: String
        let context: ConditionContext

        func conditionContext(at now: CivilTime) -> ConditionContext { context }
    }

    func run() throws {
        let account = "000000000000"
        let authority = { (index: Int) in
            "arn:aws:acm-pca:us-local-1:\(account):certificate-authority/\(index)"
        }
        let template = "arn:aws:acm-pca:::template/EndEntityCertificate/V1"
        // What a large house has: a statement for each authority, some with wildcards, some that deny.
        let list: [JSONValue] = (0..<statements).map { index in
            [
                "Sid": .string("S\(index)"), "Effect": index % 20 == 7 ? "Deny" : "Allow",
                "Action": index % 10 == 3 ? "acm-pca:Get*" : "acm-pca:IssueCertificate",
                "Resource": .string(index % 50 == 11 ? "\(authority(index))*" : authority(index)),
                "Condition": [
                    "StringEquals": ["acm-pca:TemplateArn": .string(template)],
                    "ArnLike": ["aws:PrincipalArn": "arn:aws:iam::*:role/issuer"],
                ],
            ]
        }
        let policy = try Policy(
            identityPolicy: ["Version": "2012-10-17", "Statement": .array(list)], name: "benchmark")
        let principal = Principal(
            arn: ARN(
                partition: "aws", service: "iam", region: "", account: account, resource: "role/issuer"),
            policies: [policy])
        let authorizer = Authorizer(
            Rulebook(principals: PrincipalMap([.init(Binding(uid: 1), principal)])))
        let peer = Peer(pid: 1, uid: 1, gid: 1)
        var context = ConditionContext()
        context.set("acm-pca:TemplateArn", template)
        var allowed = 0
        let start = clock()
        for index in 0..<count {
            let request = Request(resource: authority(index % statements), context: context)
            do throws(AccessDenied) {
                _ = try authorizer.authorize(request, from: .process(peer)).statement
                allowed += 1
            } catch {}
        }
        let each = Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e6 / Double(count)
        print(
            "{\"statements\": \(statements), \"microseconds\": \(each), \"perSecond\": \(1e6 / each), \"allowed\": \(Double(allowed) / Double(count))}"
        )
    }
}
