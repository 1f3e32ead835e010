public import Foundation

/// How the API writes JSON: members in upper camel case, times as seconds since 1970, blobs as base64.
public enum WireCoding {
    public static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            Key(path.last?.stringValue ?? "", uppercased: false)
        }
        decoder.dateDecodingStrategy = .secondsSince1970
        return decoder
    }

    public static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { path in
            Key(path.last?.stringValue ?? "", uppercased: true)
        }
        encoder.dateEncodingStrategy = .custom { date, encoder in
            // Milliseconds are what the API sends; more digits would only be noise of binary fractions.
            var container = encoder.singleValueContainer()
            try container.encode((date.timeIntervalSince1970 * 1000).rounded() / 1000)
        }
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String, uppercased: Bool) {
            guard let first = name.first else {
                stringValue = name
                return
            }
            stringValue = (uppercased ? first.uppercased() : first.lowercased()) + name.dropFirst()
        }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// Bytes that travel as base64.
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

    /// What stands in for a blob where it is only mentioned; set in an encoder's `userInfo`.
    public typealias Summary = @Sendable (_ bytes: [UInt8]) -> [String: String]
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
