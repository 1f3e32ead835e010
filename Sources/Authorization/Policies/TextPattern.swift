/// A pattern for tools that construct matching texts: literal characters and wildcards, with variables
/// replaced by their values.
public struct TextPattern: Sendable, Hashable {
    public enum Part: Sendable, Hashable {
        case character(Unicode.Scalar)
        /// Any run of characters. Within a part of an ARN it matches no colon.
        case run(takesColons: Bool)
        /// Any one character.
        case one(takesColons: Bool)
    }

    public let parts: [Part]
    private let glob: Glob
    /// Whether the six parts of an ARN are matched separately.
    private let isARN: Bool

    /// `*` for any run of characters, `?` for any one, as `StringLike` has them.
    public init(like text: String) {
        self.init(
            text.unicodeScalars.map { scalar in
                switch scalar {
                case "*": .anything
                case "?": .anyCharacter
                default: .literal(String(scalar))
                }
            }, isARN: false)
    }

    /// Exactly this text.
    public init(literal text: String) { self.init([.literal(text)], isARN: false) }

    init(_ parts: [PolicyText.Part], isARN: Bool) {
        var list: [Part] = []
        var colons = 0
        for part in parts {
            let takesColons = !isARN || colons >= 5
            switch part {
            case .literal(let text):
                list += text.unicodeScalars.map { .character($0) }
                colons += text.unicodeScalars.count { $0 == ":" }
            case .anything: list.append(.run(takesColons: takesColons))
            case .anyCharacter: list.append(.one(takesColons: takesColons))
            case .variable: break
            }
        }
        self.parts = list
        self.isARN = isARN
        glob = Glob(parts)
    }

    /// The only matching text; nil if there are several.
    public var literal: String? {
        var text = String.UnicodeScalarView()
        for part in parts {
            guard case .character(let scalar) = part else { return nil }
            text.append(scalar)
        }
        return String(text)
    }

    public func matches(_ text: String) -> Bool { isARN ? glob.matches(arn: text) : glob.matches(text) }
}
