/// Why bytes are not one JSON text, and on which line.
public struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public let line: Int
    public let reason: String

    public var description: String { "line \(line): \(reason)" }
}

/// Reads one JSON text (RFC 8259) strictly. A repeated member is refused, because parsers interpret it
/// differently.
struct JSONParser {
    /// The maximum depth of nesting. No document written by hand is deeper.
    static let deepest = 64

    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    mutating func parse() throws(JSONFault) -> JSONValue {
        let result = try value(depth: 0)
        skipBlanks()
        guard at == bytes.count else { throw fault("there is something after the end of the JSON text") }
        return result
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth < Self.deepest else { throw fault("the JSON is nested more than \(Self.deepest) deep") }
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        at += 1
        var members: [(String, JSONValue)] = []
        var ends: [Int] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        while true {
            skipBlanks()
            guard peek == UInt8(ascii: "\"") else { throw fault("the name of a member is missing") }
            let name = try string()
            ends.append(at)
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault("a colon is missing after `\(name)`") }
            members.append((name, try value(depth: depth + 1)))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(try object(of: members, namedAt: ends)) }
            guard take(UInt8(ascii: ",")) else { throw fault("a comma or a closing brace is missing") }
        }
    }

    /// - Parameter ends: the positions after the names, to report the repeated one
    private mutating func object(
        of members: [(String, JSONValue)], namedAt ends: [Int]
    ) throws(JSONFault) -> JSONObject {
        let object = JSONObject(members)
        // Canonically equivalent names are refused too, because a reader may consider them equal.
        let isPlain = members.allSatisfy { $0.0.utf8.allSatisfy { $0 < 0x80 } }
        if isPlain, object.count == members.count { return object }
        var seen: Set<String> = []
        for (member, end) in zip(members, ends) where !seen.insert(member.0).inserted {
            at = end
            throw fault("the member `\(member.0)` is there twice")
        }
        return object
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        at += 1
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw fault("a comma or a closing bracket is missing") }
        }
    }

    private mutating func string() throws(JSONFault) -> String {
        at += 1
        var start = at
        skipPlain()
        if peek == UInt8(ascii: "\"") {
            // The common case: a character without a special meaning.
            at += 1
            return try string(of: bytes[start..<(at - 1)])
        }
        var text: [UInt8] = []
        while let byte = peek {
            text += bytes[start..<at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return try string(of: text[...])
            case UInt8(ascii: "\\"): text += try escape()
            default: throw fault("a control character in a string must be escaped")
            }
            start = at
            skipPlain()
        }
        throw fault("a string does not end")
    }

    private func string(of octets: ArraySlice<UInt8>) throws(JSONFault) -> String {
        guard let string = String(validating: octets, as: UTF8.self) else {
            throw fault("a string is not UTF-8")
        }
        return string
    }

    /// Skips to the next octet with a special meaning in a string.
    private mutating func skipPlain() {
        while at < bytes.count, !Self.isSpecial(bytes[at]) { at += 1 }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape() throws(JSONFault) -> [UInt8] {
        guard let byte = peek else { throw fault("a string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = UInt32(try unit())
            // RFC 8259, section 7: characters beyond the Basic Multilingual Plane are a surrogate pair.
            if (0xD800..<0xDC00).contains(code) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                    throw fault("half a surrogate pair")
                }
                let low = UInt32(try unit())
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
            return Array(String(scalar).utf8)
        default: throw fault("an escape that JSON does not have")
        }
    }

    private mutating func unit() throws(JSONFault) -> UInt16 {
        // The digits are checked one by one, because Swift's number parser accepts a sign.
        guard at + 4 <= bytes.count,
            bytes[at..<(at + 4)].allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }),
            let unit = UInt16(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
        else { throw fault("\\u needs four hexadecimal digits") }
        at += 4
        return unit
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = at
        while let byte = peek, "+-.eE0123456789".utf8.contains(byte) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard Self.isNumber(bytes[start..<at]) else {
            throw fault("a value is missing or is not one JSON has")
        }
        if let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw fault("the number `\(text)` is too large")
        }
        return .number(number)
    }

    /// RFC 8259, section 6: minus, an integer without leading zeros, a fraction, an exponent.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        func takeDigits() -> Int {
            let digits = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(digits)
            return digits
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let hasLeadingZero = rest.first == UInt8(ascii: "0")
        let digits = takeDigits()
        guard digits == 1 || (digits > 1 && !hasLeadingZero) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if let exponent = rest.first, exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[at...].starts(with: text.utf8) else { throw fault("a value is not one JSON has") }
        at += text.utf8.count
        return value
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    private func fault(_ reason: String) -> JSONFault {
        JSONFault(line: bytes.prefix(at).count { $0 == 0x0A } + 1, reason: reason)
    }
}
