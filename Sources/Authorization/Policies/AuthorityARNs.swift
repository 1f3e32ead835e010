/// The resources that requests to one daemon are about: the ARNs of its certificate authorities, whether they exist or not.
///
/// A `Resource` that matches none of them is dead. In a `Deny` it forbids nothing, though its author believes that it does.
public struct AuthorityARNs: Sendable, Hashable {
    /// What each of them begins with, by parts: `arn:`, `aws:`, `acm-pca:` and so on, with the part's name.
    private let parts: [(name: String, text: [UInt8])]
    private let prefix: String

    public init(partition: String, region: String, account: String) {
        parts = [
            ("beginning", "arn:"), ("partition", "\(partition):"), ("service", "acm-pca:"),
            ("region", "\(region):"), ("account", "\(account):"),
            ("resource type", "certificate-authority/"),
        ].map { ($0, Array($1.utf8)) }
        prefix = parts.map { String(decoding: $0.text, as: UTF8.self) }.joined()
    }

    public static func == (one: Self, other: Self) -> Bool { one.prefix == other.prefix }

    public func hash(into hasher: inout Hasher) { hasher.combine(prefix) }

    /// Whether it is one of them, and no pattern.
    public func contains(_ text: String) -> Bool {
        guard text.utf8.starts(with: prefix.utf8) else { return false }
        let id = text.utf8.dropFirst(prefix.utf8.count)
        return !id.isEmpty && id.allSatisfy(Self.isOfID)
    }

    /// Why a text of `Resource` or `NotResource` matches none of them; nil when it can match one. A policy variable can have
    /// any value.
    func fault(_ pattern: PolicyText) -> String? {
        let fixed = parts.flatMap(\.text)
        // How many octets of an ARN the pattern may have matched: `fixed.count` before the authority's id, one more within it.
        var reached: Set<Int> = [0]
        var farthest = 0
        for step in Self.steps(pattern) {
            var next: Set<Int> = []
            for place in reached {
                switch step {
                case .run: next.formUnion(place...(fixed.count + 1))
                case .one: next.insert(min(place, fixed.count) + 1)
                case .octet(let octet):
                    let fits = place < fixed.count ? fixed[place] == octet : Self.isOfID(octet)
                    if fits { next.insert(min(place, fixed.count) + 1) }
                }
            }
            reached = next
            farthest = max(farthest, next.max() ?? 0)
        }
        if reached.contains(fixed.count + 1) { return nil }
        return
            "`\(pattern.written)` can match no resource of this daemon: its \(name(ofPartAt: farthest)) does not fit `\(prefix)ID`"
    }

    /// - Parameter place: how many octets matched
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

    // AWS Private CA API reference, the pattern of CertificateAuthorityArn: `[\w+=,.@-]+` in one segment.
    private static func isOfID(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="),
            UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
