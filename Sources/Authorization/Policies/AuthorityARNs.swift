/// The possible resources of one daemon: the ARNs of its certificate authorities, whether they exist or not.
/// The id of each is a UUID in lower case, as AWS's are.
///
/// A statement whose `Resource` matches none of them never applies. As a `Deny` it would forbid nothing,
/// contrary to its author's intention.
public struct AuthorityARNs: Sendable, Hashable {
    /// Their common prefix, by parts: `arn:`, `aws:`, `acm-pca:` and so on, with the part's name.
    private let parts: [(name: String, text: [UInt8])]
    private let prefix: String
    let partition: String

    public init(partition: String, region: String, account: String) {
        self.partition = partition
        parts = [
            ("beginning", "arn:"), ("partition", "\(partition):"), ("service", "acm-pca:"),
            ("region", "\(region):"), ("account", "\(account):"),
            ("resource type", "certificate-authority/"),
        ].map { ($0, Array($1.utf8)) }
        prefix = parts.map { String(decoding: $0.text, as: UTF8.self) }.joined()
    }

    public static func == (one: Self, other: Self) -> Bool { one.prefix == other.prefix }

    public func hash(into hasher: inout Hasher) { hasher.combine(prefix) }

    /// Whether a text is one of these ARNs, and not a pattern.
    public func contains(_ text: String) -> Bool {
        guard text.utf8.starts(with: prefix.utf8) else { return false }
        let id = text.utf8.dropFirst(prefix.utf8.count)
        return id.count == Self.idLength
            && zip(id, 0...).allSatisfy { octet, place in Self.isOfID(octet, at: place) }
    }

    /// Whether a pattern matches all of them. The test uses octets in place of the ids that only a wildcard
    /// matches.
    func isCovered(by pattern: PolicyText) -> Bool {
        pattern.matches(
            prefix + String(repeating: "\u{1}", count: Self.idLength), in: ConditionContext()) ?? false
    }

    /// Why a pattern of `Resource` or `NotResource` matches none of them; nil when it can match one. A policy
    /// variable is assumed to have any value.
    func fault(_ pattern: PolicyText) -> String? {
        let fixed = parts.flatMap(\.text)
        let length = fixed.count + Self.idLength
        // The possible numbers of octets of an ARN that the pattern has matched so far.
        var reached: Set<Int> = [0]
        var farthest = 0
        for step in Self.steps(pattern) {
            var next: Set<Int> = []
            for place in reached {
                switch step {
                case .run: next.formUnion(place...length)
                case .one: if place < length { next.insert(place + 1) }
                case .octet(let octet):
                    let fits =
                        place < fixed.count
                        ? fixed[place] == octet : Self.isOfID(octet, at: place - fixed.count)
                    if fits { next.insert(place + 1) }
                }
            }
            reached = next
            farthest = max(farthest, next.max() ?? 0)
        }
        if reached.contains(length) { return nil }
        return
            "`\(pattern.written)` can match no resource of this daemon: its \(name(ofPartAt: farthest)) does not fit `\(prefix)UUID`"
    }

    /// - Parameter place: the number of matched octets
    private func name(ofPartAt place: Int) -> String {
        var end = 0
        for part in parts {
            end += part.text.count
            if place < end { return part.name }
        }
        return "resource"
    }

    private enum Step {
        case run
        case one
        case octet(UInt8)
    }

    private static func steps(_ pattern: PolicyText) -> [Step] {
        pattern.parts.flatMap { part -> [Step] in
            switch part {
            case .literal(let text): text.utf8.map { .octet($0) }
            case .anyCharacter: [.one]
            case .anything, .variable: [.run]
            }
        }
    }

    /// RFC 9562, section 4: 32 digits in groups of 8, 4, 4, 4 and 12.
    private static let idLength = 36

    private static func isOfID(_ octet: UInt8, at place: Int) -> Bool {
        switch place {
        case 8, 13, 18, 23: octet == UInt8(ascii: "-")
        case 0..<idLength:
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet)
        default: false
        }
    }
}
