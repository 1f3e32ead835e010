/// The body of an error in the API.
public struct ErrorBody: Codable, Sendable, Hashable {
    /// The error's name, such as `InvalidStateException`.
    public let type: String
    public let message: String

    public init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case type = "__type"
        case message
    }
}
