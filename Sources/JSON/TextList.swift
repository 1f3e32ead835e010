/// Some texts in their order. Most lists have one, which takes no memory of its own.
public struct TextList: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case empty
        case one(String)
        /// At least two.
        case several([String])
    }

    let content: Content

    public init(_ text: String) { content = .one(text) }

    public init(_ texts: [String]) {
        content =
            switch texts.count {
            case 0: .empty
            case 1: .one(texts[0])
            default: .several(texts)
            }
    }

    public var isEmpty: Bool { content == .empty }

    public var array: [String] {
        switch content {
        case .empty: []
        case .one(let text): [text]
        case .several(let texts): texts
        }
    }
}
