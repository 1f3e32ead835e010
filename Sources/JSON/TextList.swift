/// Texts in order. Most lists have one text, which is stored without an array.
public struct TextList: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case empty
        case one(String)
        /// Two or more.
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
