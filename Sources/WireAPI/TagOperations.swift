/// API reference, `Tag`.
public struct TagShape: Sendable, Hashable, Codable {
    public var key: String
    public var value: String?

    public init(key: String, value: String?) {
        self.key = key
        self.value = value
    }

    func check(_ constraints: inout Constraints, at path: String) {
        let pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"
        constraints.length(key, "\(path).key", 1...128)
        constraints.length(value, "\(path).value", 0...256)
        if !Self.isTagText(key) {
            constraints.add(key, "\(path).key", "Member must satisfy regular expression pattern: \(pattern)")
        }
        if let value, !Self.isTagText(value) {
            constraints.add(
                value, "\(path).value", "Member must satisfy regular expression pattern: \(pattern)")
        }
    }

    private static func isTagText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .spaceSeparator, .lineSeparator, .paragraphSeparator, .decimalNumber, .letterNumber,
                .otherNumber:
                true
            default: "_.:/=+-@".unicodeScalars.contains(scalar)
            }
        }
    }
}

extension Constraints {
    mutating func tags(_ tags: [TagShape]?) {
        count(tags?.count, "tags", 1...50)
        for (index, tag) in (tags ?? []).enumerated() { tag.check(&self, at: "tags.\(index + 1).member") }
    }
}

/// The input of TagCertificateAuthority and UntagCertificateAuthority.
public struct TagsInput: Codable, Sendable, Constrained {
    public var certificateAuthorityArn: String
    public var tags: [TagShape]

    public init(certificateAuthorityArn: String, tags: [TagShape]) {
        self.certificateAuthorityArn = certificateAuthorityArn
        self.tags = tags
    }

    public func check(_ constraints: inout Constraints) {
        constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
        constraints.tags(tags)
    }
}

public enum TagCertificateAuthorityOperation: WireOperation {
    public static let name = "TagCertificateAuthority"
    public typealias Input = TagsInput
    public typealias Output = EmptyOutput
}

public enum UntagCertificateAuthorityOperation: WireOperation {
    public static let name = "UntagCertificateAuthority"
    public typealias Input = TagsInput
    public typealias Output = EmptyOutput
}

/// The input of operations that list an authority's items page by page.
public struct AuthorityPageInput: Codable, Sendable, Constrained {
    public var certificateAuthorityArn: String
    public var maxResults: Int?
    public var nextToken: String?

    public init(certificateAuthorityArn: String) { self.certificateAuthorityArn = certificateAuthorityArn }

    public func check(_ constraints: inout Constraints) {
        constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
        constraints.range(maxResults, "maxResults", 1...1000)
        constraints.length(nextToken, "nextToken", 1...43_739)
    }
}

public enum ListTagsOperation: WireOperation {
    public static let name = "ListTags"
    public typealias Input = AuthorityPageInput

    public struct Output: Codable, Sendable {
        public var tags: [TagShape]
        public var nextToken: String?

        public init(tags: [TagShape], nextToken: String?) {
            self.tags = tags
            self.nextToken = nextToken
        }
    }
}
