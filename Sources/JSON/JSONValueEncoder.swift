internal import Foundation

/// Encodes `Encodable` values as a ``JSONValue``. Dates become seconds since 1970, to the millisecond.
/// Members that are nil are omitted.
public struct JSONValueEncoder: Sendable {
    /// The member's name for a coding key.
    private let member: @Sendable (_ key: String) -> String
    private let userInfo: [CodingUserInfoKey: any Sendable]

    public init(
        member: @escaping @Sendable (_ key: String) -> String = { $0 },
        userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) {
        self.member = member
        self.userInfo = userInfo
    }

    public func encode(_ value: some Encodable) throws -> JSONValue {
        let node = Node(self)
        try node.encode(value)
        return node.finished
    }

    /// One value under construction: the `Encoder` for types that encode themselves into it.
    fileprivate final class Node: Encoder, SingleValueEncodingContainer {
        private enum Content {
            case value(JSONValue)
            case members([(name: String, member: Member)])
            case elements([Node])
        }

        private enum Member {
            case value(JSONValue)
            case node(Node)

            var finished: JSONValue {
                switch self {
                case .value(let value): value
                case .node(let node): node.finished
                }
            }
        }

        let encoder: JSONValueEncoder
        let userInfo: [CodingUserInfoKey: Any]
        /// The value that contains this one; nil for the outermost. Unowned, because the parent retains its
        /// parts.
        private unowned let parent: Node?
        /// The key of a member; nil for an element.
        private let key: (any CodingKey)?
        private var content = Content.members([])
        /// Whether the names of its members are data and not coding keys.
        private var hasOwnNames = false

        init(_ encoder: JSONValueEncoder) {
            self.encoder = encoder
            userInfo = encoder.userInfo
            (parent, key) = (nil, nil)
        }

        private init(in parent: Node, _ key: (any CodingKey)? = nil) {
            encoder = parent.encoder
            userInfo = parent.userInfo
            (self.parent, self.key) = (parent, key)
        }

        /// Only errors need it.
        var codingPath: [any CodingKey] {
            let path = parent?.codingPath ?? []
            return key.map { path + [$0] } ?? path
        }

        var finished: JSONValue {
            switch content {
            case .value(let value): value
            case .members(let members):
                .object(JSONObject(members.lazy.map { ($0.name, $0.member.finished) }))
            case .elements(let elements): .array(elements.map(\.finished))
            }
        }

        func set(_ value: JSONValue) { content = .value(value) }

        func add(_ key: any CodingKey) -> Node {
            let node = Node(in: self, key)
            add(.node(node), key)
            return node
        }

        /// Adds a member that needs no encoder of its own, which is the common case.
        func add(_ value: JSONValue, _ key: any CodingKey) { add(.value(value), key) }

        private func add(_ member: Member, _ key: any CodingKey) {
            let name = hasOwnNames ? key.stringValue : encoder.member(key.stringValue)
            if case .members(var members) = content {
                content = .members([])
                members.append((name, member))
                content = .members(members)
            } else {
                content = .members([(name, member)])
            }
        }

        func append() -> Node {
            let node = Node(in: self)
            if case .elements(var elements) = content {
                content = .elements([])
                elements.append(node)
                content = .elements(elements)
            } else {
                content = .elements([node])
            }
            return node
        }

        var count: Int { if case .elements(let elements) = content { elements.count } else { 0 } }

        func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
            if case .members = content {} else { content = .members([]) }
            return KeyedEncodingContainer(Members(node: self))
        }

        func unkeyedContainer() -> any UnkeyedEncodingContainer {
            if case .elements = content {} else { content = .elements([]) }
            return Elements(node: self)
        }

        func singleValueContainer() -> any SingleValueEncodingContainer { self }

        func encodeNil() { set(.null) }
        func encode(_ value: Bool) { set(.boolean(value)) }
        func encode(_ value: String) { set(.string(value)) }
        func encode(_ value: Double) { set(.number(value)) }
        func encode(_ value: Float) { set(.number(Double(value))) }
        func encode(_ value: Int) throws { try encode(integer: value) }
        func encode(_ value: Int8) throws { try encode(integer: value) }
        func encode(_ value: Int16) throws { try encode(integer: value) }
        func encode(_ value: Int32) throws { try encode(integer: value) }
        func encode(_ value: Int64) throws { try encode(integer: value) }
        func encode(_ value: UInt) throws { try encode(integer: value) }
        func encode(_ value: UInt8) throws { try encode(integer: value) }
        func encode(_ value: UInt16) throws { try encode(integer: value) }
        func encode(_ value: UInt32) throws { try encode(integer: value) }
        func encode(_ value: UInt64) throws { try encode(integer: value) }

        private func encode(integer: some BinaryInteger) throws {
            guard let number = Int64(exactly: integer) else {
                throw EncodingError.invalidValue(
                    integer, .init(codingPath: codingPath, debugDescription: "beyond 64 bits with a sign"))
            }
            set(.integer(number))
        }

        func encode<Value: Encodable>(_ value: Value) throws {
            // The types are compared first, because a cast that fails is slow.
            if Value.self == String.self, let text = value as? String { return set(.string(text)) }
            if Value.self == JSONValue.self, let value = value as? JSONValue { return set(value) }
            if Value.self == Date.self, let date = value as? Date {
                return set(.number((date.timeIntervalSince1970 * 1000).rounded() / 1000))
            }
            hasOwnNames = value is any NamesAreData
            try value.encode(to: self)
        }
    }

    private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let node: Node

        var codingPath: [any CodingKey] { node.codingPath }

        private func child(_ key: Key) -> Node { node.add(key) }

        func encodeNil(forKey key: Key) { node.add(.null, key) }
        func encode(_ value: Bool, forKey key: Key) { node.add(.boolean(value), key) }
        func encode(_ value: String, forKey key: Key) { node.add(.string(value), key) }
        func encode(_ value: Int, forKey key: Key) { node.add(.integer(Int64(value)), key) }

        func encode(_ value: some Encodable, forKey key: Key) throws { try child(key).encode(value) }

        func nestedContainer<Nested: CodingKey>(
            keyedBy _: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> { child(key).container(keyedBy: Nested.self) }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            child(key).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { node }
        func superEncoder(forKey key: Key) -> any Encoder { child(key) }
    }

    private struct Elements: UnkeyedEncodingContainer {
        let node: Node

        var codingPath: [any CodingKey] { node.codingPath }
        var count: Int { node.count }

        func encodeNil() { node.append().encodeNil() }
        func encode(_ value: some Encodable) throws { try node.append().encode(value) }

        func nestedContainer<Nested: CodingKey>(
            keyedBy _: Nested.Type
        ) -> KeyedEncodingContainer<Nested> { node.append().container(keyedBy: Nested.self) }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { node.append().unkeyedContainer() }

        func superEncoder() -> any Encoder { node.append() }
    }
}

/// Marks types whose keys are data, not coding keys. Their keys are not converted.
protocol NamesAreData {}
extension Dictionary: NamesAreData where Key == String {}
