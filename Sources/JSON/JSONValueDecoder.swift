internal import Foundation

/// Decodes `Decodable` values from a ``JSONValue``. Dates are seconds since 1970.
///
/// Errors are `DecodingError`, with the path of the coding keys, and ``UnknownMember``.
public struct JSONValueDecoder: Sendable {
    /// The member's name for a coding key.
    private let member: @Sendable (_ key: String) -> String
    private let key: @Sendable (_ member: String) -> String

    /// - Parameters:
    ///   - member: the member's name for a coding key
    ///   - key: the coding key for a member's name
    public init(
        member: @escaping @Sendable (_ key: String) -> String = { $0 },
        key: @escaping @Sendable (_ member: String) -> String = { $0 }
    ) {
        self.member = member
        self.key = key
    }

    public func decode<Value: Decodable>(
        _: Value.Type, from value: JSONValue, unknown: UnknownMembers = .ignored
    ) throws -> Value {
        let watch = unknown == .ignored ? nil : MemberWatch()
        let node = Node(value: value, decoder: self, path: .root, unknown: unknown, watch: watch)
        // Unknown members are checked last: if a required member is misspelled, the missing one is reported
        // first.
        let decoded = try node.decode(Value.self)
        try watch?.checkCase()
        return decoded
    }

    /// The coding keys on the path to a value. Only errors need it.
    fileprivate indirect enum Path {
        case root
        case member(of: Path, any CodingKey)

        var keys: [any CodingKey] {
            switch self {
            case .root: []
            case .member(let parent, let key): parent.keys + [key]
            }
        }
    }

    /// One value and its context: the `Decoder` for types that decode themselves from it.
    fileprivate struct Node: Decoder, SingleValueDecodingContainer {
        let value: JSONValue
        let decoder: JSONValueDecoder
        let path: Path
        let unknown: UnknownMembers
        let watch: MemberWatch?
        /// Whether the names of its members are data and not coding keys.
        var hasOwnNames = false

        var codingPath: [any CodingKey] { path.keys }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func decode<Value: Decodable>(_: Value.Type) throws -> Value {
            // Strings are the most frequent type.
            if Value.self == String.self, let text = try decode(String.self) as? Value { return text }
            if Value.self == Date.self,
                let date = Date(timeIntervalSince1970: try decode(Double.self)) as? Value
            {
                return date
            }
            if case .null = value, !(Value.self is any OptionalValue.Type) { throw missing(Value.self) }
            var node = self
            node.hasOwnNames = Value.self is any NamesAreData.Type
            guard unknown == .refused, let watch, !node.hasOwnNames, case .object(let members) = value,
                let first = members.names.min()
            else { return try Value(from: node) }
            let opened = watch.opened
            let decoded = try Value(from: node)
            // A type without members never opens a container, so its members are checked here.
            if watch.opened == opened { throw UnknownMember(path: place, name: first, known: nil) }
            return decoded
        }

        func mismatch(_ type: Any.Type) -> DecodingError {
            if case .null = value { return missing(type) }
            return .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "another type"))
        }

        private func missing(_ type: Any.Type) -> DecodingError {
            .valueNotFound(type, .init(codingPath: codingPath, debugDescription: "null"))
        }

        func decodeNil() -> Bool { value == .null }

        func decode(_: Bool.Type) throws -> Bool {
            guard case .boolean(let flag) = value else { throw mismatch(Bool.self) }
            return flag
        }

        func decode(_: String.Type) throws -> String {
            guard case .string(let text) = value else { throw mismatch(String.self) }
            return text
        }

        func decode(_: Double.Type) throws -> Double {
            switch value {
            case .integer(let number): return Double(number)
            case .number(let number): return number
            default: throw mismatch(Double.self)
            }
        }

        func decode(_: Float.Type) throws -> Float { Float(try decode(Double.self)) }

        private func integer<Number: FixedWidthInteger>(_: Number.Type) throws -> Number {
            let number: Number?
            switch value {
            case .integer(let given): number = Number(exactly: given)
            // 1.0 is another form of 1.
            case .number(let given): number = Number(exactly: given)
            default: throw mismatch(Number.self)
            }
            guard let number else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: codingPath, debugDescription: "the number does not fit"))
            }
            return number
        }

        func decode(_ type: Int.Type) throws -> Int { try integer(type) }
        func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
        func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
        func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
        func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
        func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

        func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

        func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
            guard case .array(let values) = value else { throw mismatch([Any].self) }
            return Elements(values: values, node: self)
        }

        func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
            guard case .object(let members) = value else { throw mismatch([String: Any].self) }
            watch?.opened += 1
            return KeyedDecodingContainer(
                Members<Key>(members: members, node: self, entry: try watched(members, Key.self)))
        }

        /// The names of the members on the path to this value. Positions in arrays count from 1.
        private var place: [String] {
            codingPath.map { key in
                key.intValue.map { "\($0 + 1)" } ?? decoder.member(key.stringValue)
            }
        }

        /// An entry for the object's members without a coding key; nil when every member has one.
        private func watched<Key: CodingKey>(
            _ members: JSONObject, _: Key.Type
        ) throws(UnknownMember) -> MemberWatch.Entry? {
            guard unknown != .ignored, !hasOwnNames else { return nil }
            let names = members.names.filter { name in
                Key(stringValue: decoder.key(name)).map { decoder.member($0.stringValue) != name } ?? true
            }
            guard let first = names.min() else { return nil }
            if unknown == .refused { throw UnknownMember(path: place, name: first, known: nil) }
            let entry = MemberWatch.Entry(path: place, unknown: names)
            watch?.add(entry)
            return entry
        }

        func child(_ value: JSONValue, _ key: any CodingKey) -> Node {
            Node(
                value: value, decoder: decoder, path: .member(of: path, key), unknown: unknown, watch: watch)
        }
    }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let members: JSONObject
        let node: Node
        /// Receives the keys that the type asks for; nil when every member has a coding key.
        let entry: MemberWatch.Entry?

        var codingPath: [any CodingKey] { node.codingPath }
        var allKeys: [Key] {
            members.names.compactMap { Key(stringValue: node.hasOwnNames ? $0 : node.decoder.key($0)) }
        }

        private func find(_ key: Key) -> JSONValue? {
            let name = node.hasOwnNames ? key.stringValue : node.decoder.member(key.stringValue)
            entry?.asked.insert(name)
            return members[name]
        }

        private func child(_ key: Key) throws -> Node {
            guard let value = find(key) else {
                throw DecodingError.keyNotFound(
                    key, .init(codingPath: node.codingPath, debugDescription: "the member is missing"))
            }
            return node.child(value, key)
        }

        func contains(_ key: Key) -> Bool { find(key) != nil }
        func decodeNil(forKey key: Key) throws -> Bool { try child(key).decodeNil() }

        // Strings are the most frequent type.
        func decode(_: String.Type, forKey key: Key) throws -> String {
            if case .string(let text)? = find(key) { return text }
            return try child(key).decode(String.self)
        }

        func decodeIfPresent(_: String.Type, forKey key: Key) throws -> String? {
            switch find(key) {
            case .string(let text): text
            case nil, .null: nil
            default: try child(key).decode(String.self)
            }
        }

        func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
            try child(key).decode(Value.self)
        }

        func decodeIfPresent<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value? {
            guard let value = find(key), value != .null else { return nil }
            return try node.child(value, key).decode(Value.self)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy _: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: Nested.self) }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try child(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { node }
        func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
    }

    private struct Elements: UnkeyedDecodingContainer {
        let values: [JSONValue]
        let node: Node
        private(set) var currentIndex = 0

        var codingPath: [any CodingKey] { node.codingPath }
        var count: Int? { values.count }
        var isAtEnd: Bool { currentIndex == values.count }

        private mutating func next() throws -> Node {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    Any.self, .init(codingPath: node.codingPath, debugDescription: "the array has ended"))
            }
            defer { currentIndex += 1 }
            return node.child(values[currentIndex], Index(currentIndex))
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, values[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_: Value.Type) throws -> Value {
            try next().decode(Value.self)
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy _: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: Nested.self) }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try next().unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { try next() }
    }
}

/// The position of an element in an array.
private struct Index: CodingKey {
    let intValue: Int?
    let stringValue: String

    init(_ index: Int) {
        intValue = index
        stringValue = "\(index)"
    }

    init?(stringValue: String) { nil }
    init?(intValue: Int) { self.init(intValue) }
}

/// Marks `Optional`, whose values include null.
private protocol OptionalValue {}
extension Optional: OptionalValue {}
