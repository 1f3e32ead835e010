internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

/// The authority that a command is about.
struct AuthorityArgument: ParsableArguments {
    @Argument(help: "The certificate authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.")
    var authority: String

    func arn(_ client: SignetClient) async throws -> String { try await AuthorityName.arn(authority, client) }
}

/// Authorities by the names people use.
enum AuthorityName {
    /// The ARN of an authority: the text itself when it is one; else the authority with this id, with this
    /// tag (`tag:KEY=VALUE`), or with this commonName, among those that the caller may use.
    /// - Throws: ``CommandFailure`` when no authority or more than one fits
    /// - Parameter isExport: whether an export is read, which has no list of authorities
    static func arn(
        _ text: String, _ client: SignetClient, isExport: Bool = false
    ) async throws -> String {
        if text.utf8.starts(with: "arn:".utf8) { return text }
        if isExport {
            throw CommandFailure(
                message: "`\(text)` is not an ARN, and an export has no list of authorities",
                hint: "give the ARN of the authority", status: .usage)
        }
        // One whose creation failed has no key, and never gets one.
        let all = try await usable(client).filter { $0.status != "FAILED" }
        var found: [DescribeCallerOperation.Authority] = []
        if text.utf8.starts(with: "tag:".utf8) {
            let tag = text.utf8.dropFirst(4).split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard tag.count == 2 else {
                throw CommandFailure(
                    message: "`\(text)` is not a tag", hint: "write it as `tag:KEY=VALUE`", status: .usage)
            }
            for authority in all {
                let output = try await client.call(
                    ListTagsOperation.self, .init(certificateAuthorityArn: authority.certificateAuthorityArn))
                if output.tags.contains(where: {
                    $0.key.utf8.elementsEqual(tag[0]) && ($0.value ?? "").utf8.elementsEqual(tag[1])
                }) {
                    found.append(authority)
                }
            }
        } else {
            // The daemon makes ids. A commonName that looks like one does not count.
            let isID = UUID(uuidString: text) != nil
            found = all.filter {
                isID
                    ? $0.certificateAuthorityArn.hasSuffix("/\(text.lowercased())")
                    : $0.subject?.commonName?.utf8.elementsEqual(text.utf8) == true
            }
        }
        guard let only = found.first else {
            throw CommandFailure(
                message: "no authority has the ARN, the id or the commonName `\(text)`",
                hint: "`signet whoami` shows the authorities that you may use", status: .notFound)
        }
        guard found.count == 1 else {
            throw CommandFailure(
                message:
                    "`\(text)` fits \(found.count) authorities: \(found.map(\.certificateAuthorityArn).joined(separator: ", "))",
                hint: "give the ARN or the id of one of them", status: .usage)
        }
        return only.certificateAuthorityArn
    }

    /// The authorities that the caller may use, its own account's and shared ones. Needs no permission; only
    /// those that the caller may describe have a subject.
    static func usable(
        _ client: SignetClient
    ) async throws(APIClientError) -> [DescribeCallerOperation.Authority] {
        try await DescribeCallerOperation.all(client).certificateAuthorities
    }

    static func authorities(
        _ client: SignetClient, ofOtherAccounts isShared: Bool = false
    ) async throws(APIClientError) -> [CertificateAuthority] {
        var authorities: [CertificateAuthority] = []
        var token: String?
        repeat {
            let page = try await client.call(
                ListCertificateAuthoritiesOperation.self,
                .init(
                    maxResults: 100, nextToken: token, resourceOwner: isShared ? "OTHER_ACCOUNTS" : nil))
            authorities += page.certificateAuthorities
            token = page.nextToken
        } while token != nil
        return authorities
    }
}
