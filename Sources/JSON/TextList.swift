/// Some texts in their order. Most lists have one, which takes no memory of its own.
public enum TextList: Sendable, Hashable {
    case none
    case one(String)
    /// At least two.
    case several([String])

    public init(_ texts: [String]) {
        self =
            switch texts.count {
            case 0: .none
            case 1: .one(texts[0])
            default: .several(texts)
            }
    }

    public var array: [String] {
        switch self {
        case .none: []
        case .one(let text): [text]
        case .several(let texts): texts
        }
    }
}
