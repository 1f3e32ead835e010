internal import Audit
internal import Authorities
internal import Authorization
internal import RecordKeeping
internal import WireAPI

enum TagOperations {
    static let all: [Endpoint] = [
        tagCertificateAuthority, untagCertificateAuthority, listTags,
    ]

    static let tagCertificateAuthority = Endpoint(TagCertificateAuthorityOperation.self, canWait: true) {
        input, call in
        let request = TagCertificateAuthority.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), tags: try Tags(input.tags))
        let authorized = try await call.authorize(request)
        return try await call.authorities.tagCertificateAuthority(authorized, call: call.event).map {
            .init()
        }
    }

    static let untagCertificateAuthority = Endpoint(UntagCertificateAuthorityOperation.self, canWait: true) {
        input, call in
        let request = UntagCertificateAuthority.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            tags: Dictionary(input.tags.map { ($0.key, $0.value) }) { _, last in last })
        let authorized = try await call.authorize(request)
        return try await call.authorities.untagCertificateAuthority(authorized, call: call.event).map {
            .init()
        }
    }

    static let listTags = Endpoint(ListTagsOperation.self) { input, call in
        let request = ListTags.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), page: PageRequest(input))
        let authorized = try await call.authorize(request)
        return try await call.authorities.listTags(authorized, for: call.event).map { tags, token in
            .init(tags: tags.map { TagShape(key: $0.key, value: $0.value) }, nextToken: token)
        }
    }
}

extension PageRequest {
    init(_ input: AuthorityPageInput) { self.init(limit: input.maxResults, nextToken: input.nextToken) }
}

extension Tags {
    init(_ shapes: [TagShape]) throws(CAError) {
        try self.init(shapes.map { (key: $0.key, value: $0.value ?? "") })
    }
}
