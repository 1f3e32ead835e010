public import Authorization
public import RecordKeeping

/// The tags of a request, checked against the API's limits.
public struct Tags: Sendable, Hashable {
    /// API reference, TooManyTagsException.
    static let limit = 50

    public let values: [String: String]

    /// - Throws: ``CAError/invalidTag(_:)`` for a repeated key (compared without regard to case, as in
    ///   conditions), and for a key that begins with `aws:`, which is reserved for AWS
    public init(_ list: [(key: String, value: String)]) throws(CAError) {
        var values: [String: String] = [:]
        for (key, value) in list {
            guard !key.lowercased().hasPrefix("aws:") else {
                throw .invalidTag("the tag key `\(key)` begins with `aws:`, which is reserved")
            }
            guard !values.keys.contains(where: { $0.lowercased() == key.lowercased() }) else {
                throw .invalidTag(
                    "the tag key `\(key)` is there twice; keys are told apart without regard to case")
            }
            values[key] = value
        }
        self.values = values
    }

    /// `aws:RequestTag/…` and `aws:TagKeys`
    public var conditionContext: ConditionContext {
        var context = ConditionContext()
        for (key, value) in values { context.set("aws:RequestTag/\(key)", value) }
        context["aws:TagKeys"] = values.keys.map { $0.lowercased() }.sorted()
        return context
    }
}
