/// Which condition keys a policy may name.
public enum ConditionKeyScope: Sendable {
    /// Those that requests here bring. Another would make an Allow dead and a Deny harmless.
    case served
    /// All that the evaluator knows, with those of operations that do not exist yet.
    case known
}

/// The condition keys there are; others are refused when a policy is read.
enum ConditionKey {
    struct Definition {
        /// In lower case; one that ends with `/` is a family, such as that of tags.
        let name: String
        let isMultiValued: Bool
        /// Whether any request here brings it.
        let isServed: Bool
    }

    /// IAM User Guide, "AWS global condition context keys", and the service authorization reference of AWS Private CA.
    private static let single = [
        "acm-pca:templatearn", "aws:principalarn", "aws:principalaccount", "aws:principaltype",
        "aws:currenttime", "aws:epochtime", "aws:securetransport", "aws:principaltag/", "aws:resourceaccount",
    ]
    // They come with tags.
    private static let later = ["aws:resourcetag/", "aws:requesttag/"]
    private static let laterMultiple = ["aws:tagkeys"]

    /// Nil for a key that does not exist.
    static func definition(_ key: String) -> Definition? {
        let key = key.lowercased()
        func matches(_ name: String) -> Bool {
            name.hasSuffix("/") ? key.hasPrefix(name) && key.utf8.count > name.utf8.count : key == name
        }
        if single.contains(where: matches) {
            return Definition(name: key, isMultiValued: false, isServed: true)
        }
        if later.contains(where: matches) {
            return Definition(name: key, isMultiValued: false, isServed: false)
        }
        if laterMultiple.contains(where: matches) {
            return Definition(name: key, isMultiValued: true, isServed: false)
        }
        return nil
    }
}
