import AuditLog
import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import RecordKeeping
import SoftwareKeys
import Testing

/// Changes of authorities and tokens, and changes that are refused.
@Suite(.timeLimit(.minutes(5)))
struct ChangeTests {
    private static let root = #"{"CertificateAuthorityArn": "$root"}"#

    @Test func `what is changed of an authority is shown`() async throws {
        let scenario = try await Scenario.copy()
        func refusal(_ operation: String, _ input: String) async -> String? {
            await scenario.api.refusal("ACMPrivateCA.\(operation)", scenario.filled(input))
        }
        func tags() async throws -> Int {
            try await scenario.count("Tags", of: "ACMPrivateCA.ListTags", Self.root)
        }
        let tag = { (tag: String) in #"{"CertificateAuthorityArn": "$root", "Tags": [\#(tag)]}"# }
        #expect(await refusal("TagCertificateAuthority", tag(#"{"Key": "a", "Value": "b"}"#)) == nil)
        #expect(try await tags() == 2)
        #expect(await refusal("UntagCertificateAuthority", tag(#"{"Key": "team"}"#)) == nil)
        #expect(try await tags() == 1)

        let resource = #"{"ResourceArn": "$root"}"#
        #expect(await refusal("GetPolicy", resource) == nil)
        #expect(await refusal("DeletePolicy", resource) == nil)
        #expect(await refusal("GetPolicy", resource) == "ResourceNotFoundException")

        let permission = #"{"CertificateAuthorityArn": "$root", "Principal": "acm.amazonaws.com"}"#
        #expect(await refusal("DeletePermission", permission) == nil)
        #expect(try await scenario.count("Permissions", of: "ACMPrivateCA.ListPermissions", Self.root) == 0)
        #expect(await refusal("DeletePermission", permission) == "ResourceNotFoundException")
    }

    @Test
    func `a policy that locks its author out, grants too much or is about another authority is refused`()
        async throws
    {
        let scenario = try await Scenario.copy()
        func put(_ effect: String, _ action: String, about authority: String = "$root") async -> String? {
            let input = scenario.putPolicy([
                "Effect": .string(effect), "Action": .string(action),
                "Principal": ["AWS": "arn:aws:iam::000000000000:role/administrator"],
                "Resource": .string(scenario.filled(authority)),
            ])
            return await scenario.api.refusal("ACMPrivateCA.PutPolicy", input)
        }
        #expect(await put("Deny", "acm-pca:PutPolicy") == "LockoutPreventedException")
        #expect(await put("Allow", "acm-pca:DeletePolicy") == "InvalidPolicyException")
        #expect(await put("Allow", "acm-pca:ListTags", about: "$second") == "InvalidPolicyException")
        #expect(await put("Allow", "acm-pca:ListTags") == nil)
    }

    @Test func `a permission is for one service and the authority's own account, once`() async throws {
        let scenario = try await Scenario.copy()
        func create(_ principal: String, _ more: String = "") async -> String? {
            let input = """
                {"CertificateAuthorityArn": "$second", "Principal": "\(principal)", \(more)"Actions": ["IssueCertificate"]}
                """
            return await scenario.api.refusal("ACMPrivateCA.CreatePermission", scenario.filled(input))
        }
        #expect(await create("other.amazonaws.com") == "InvalidArgsException")
        #expect(
            await create("acm.amazonaws.com", #""SourceAccount": "111111111111", "#) == "InvalidArgsException"
        )
        #expect(await create("acm.amazonaws.com") == nil)
        #expect(await create("acm.amazonaws.com") == "PermissionAlreadyExistsException")
    }

    @Test(arguments: [
        #"{"Key": "aws:k"}"#, #"{"Key": "k"}, {"Key": "k"}"#, #"{"Key": "k"}, {"Key": "K"}"#,
        #"{"Key": "Team"}"#,
    ])
    func `a tag's key is not AWS's, and not there twice in any case`(_ tags: String) async throws {
        let scenario = try await Scenario.copy()
        #expect(
            await scenario.api.refusal(
                "ACMPrivateCA.TagCertificateAuthority",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "Tags": [\#(tags)]}"#))
                == "InvalidTagException")
    }

    @Test func `a page of tags and permissions has as many entries as were asked for`() async throws {
        let scenario = try await Scenario.copy()
        let tag = #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "a", "Value": "b"}]}"#
        #expect(
            await scenario.api.refusal("ACMPrivateCA.TagCertificateAuthority", scenario.filled(tag)) == nil)
        let input = scenario.filled(#"{"CertificateAuthorityArn": "$root", "MaxResults": 1}"#)
        let page = try await scenario.api.call("ACMPrivateCA.ListTags", input).get()
        #expect(page["Tags"]?.count == 1)
        #expect(page["NextToken"] != nil)
    }

    @Test func `a token is taken out of service and put back, once that is on record`() async throws {
        let api = try InMemoryAPI()
        #expect(await api.refusal("Signet.DrainToken", #"{"Name": "other"}"#) == "ResourceNotFoundException")
        #expect(!api.tokens.isDrained)
        #expect(await api.refusal("Signet.DrainToken", #"{"Name": "main"}"#) == nil)
        #expect(api.tokens.isDrained)
        #expect(await api.refusal("Signet.ResumeToken", #"{"Name": "main"}"#) == nil)
        #expect(!api.tokens.isDrained)
    }
}
