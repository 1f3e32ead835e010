public import Foundation
public import JSON

/// The JSON of the API: members in upper camel case, times as seconds since 1970, blobs as base64.
public enum WireCoding {
    /// Descriptions of `DecodingError` for values of the right type that are not valid. They are written for
    /// the sender.
    public static let reasons: Set<String> = ["not base64", "the number does not fit"]

    private static let encoder = JSONValueEncoder(member: { uppercased($0) })
    private static let decoder = JSONValueDecoder(member: { uppercased($0) }, key: { lowercased($0) })

    /// - Throws: `DecodingError`, without a path when the bytes are not a JSON text; ``NotAnObject``;
    ///   `UnknownMember`
    public static func decode<Value: Decodable>(
        _: Value.Type, from bytes: some Sequence<UInt8>, unknown: UnknownMembers = .ignored
    ) throws -> Value {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: error.description))
        }
        guard case .object = value else { throw NotAnObject(value) }
        return try decoder.decode(Value.self, from: value, unknown: unknown)
    }

    /// The value as requests and answers contain it.
    public static func value(of value: some Encodable) throws -> JSONValue { try encoder.encode(value) }

    public static func encode(_ value: some Encodable) throws -> Data { try Self.value(of: value).encoded() }

    private static func uppercased(_ name: String) -> String { changingFirst(of: name, in: 0x61...0x7A) }
    private static func lowercased(_ name: String) -> String { changingFirst(of: name, in: 0x41...0x5A) }

    /// Names of members are ASCII, where the case of a letter is one bit.
    private static func changingFirst(of name: String, in letters: ClosedRange<UInt8>) -> String {
        guard let first = name.utf8.first, letters.contains(first) else { return name }
        var changed = String(Unicode.Scalar(first ^ 0x20))
        changed.reserveCapacity(name.utf8.count)
        changed += Substring(name.utf8.dropFirst())
        return changed
    }
}

/// A JSON text whose value is not an object.
public struct NotAnObject: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the value, such as `an array`.
    public let found: String

    init(_ value: JSONValue) {
        found =
            switch value {
            case .null: "null"
            case .boolean: "a boolean"
            case .integer, .number: "a number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
    }

    public var description: String { "must be a JSON object, but is \(found)" }
}

/// Bytes that are sent as base64.
public struct Blob: Sendable, Hashable, Codable {
    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64")
        }
        bytes = Array(data)
    }

    /// Describes a blob that is only mentioned, for example in an event; set in an encoder's `userInfo`.
    public typealias Summary = @Sendable (_ bytes: [UInt8]) -> JSONValue
    public static let summary = CodingUserInfoKey(rawValue: "signet.blob.summary")

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let key = Self.summary, let summary = encoder.userInfo[key] as? Summary {
            try container.encode(summary(bytes))
        } else {
            try container.encode(Data(bytes).base64EncodedString())
        }
    }
}
