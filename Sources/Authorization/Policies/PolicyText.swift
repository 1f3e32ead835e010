internal import OctetText

/// A parsed text of a policy with its wildcards and policy variables:
/// `arn:aws:s3:::${aws:PrincipalTag/team}/*`.
struct PolicyText: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case literal(String)
        /// `*`
        case anything
        /// `?`
        case anyCharacter
        /// The value of a condition key, taken literally; its default when the request does not have the key.
        case variable(key: String, fallback: String?)
    }

    let parts: [Part]
    /// Nil when there are variables, whose values come with the request.
    private let glob: Glob?

    /// - Parameters:
    ///   - hasWildcards: whether `*` and `?` are wildcards
    ///   - hasVariables: whether `${…}` is a variable; policies of the version 2008-10-17 have none
    /// - Throws: the reason, when a variable is invalid
    init(_ text: String, hasWildcards: Bool, hasVariables: Bool) throws(PolicyTextFault) {
        var parts: [Part] = []
        var literal = ""
        func flush() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
        }
        // Works on scalars, so that a wildcard before a combining mark is recognized.
        var rest = text.unicodeScalars[...]
        // As literal text, a variable would make a Deny that never applies.
        guard hasVariables || !text.containsOctets("${") else {
            throw PolicyTextFault(
                reason:
                    "policy variables such as `${aws:…}` need the Version 2012-10-17, and stand in resources and texts"
            )
        }
        while let character = rest.first {
            if hasVariables, rest.starts(with: "${".unicodeScalars) {
                guard let end = rest.firstIndex(of: "}") else {
                    throw PolicyTextFault(
                        reason:
                            "`\(String(String.UnicodeScalarView(rest)))` is a policy variable without an end")
                }
                let inside = String(
                    String.UnicodeScalarView(rest[rest.index(rest.startIndex, offsetBy: 2)..<end]))
                rest = rest[rest.index(after: end)...]
                // IAM: `${*}`, `${?}` and `${$}` are the characters themselves.
                if ["*", "?", "$"].contains(inside) {
                    literal += inside
                    continue
                }
                flush()
                parts.append(try Self.variable(inside))
                continue
            }
            rest = rest.dropFirst()
            switch character {
            case "*" where hasWildcards:
                flush()
                parts.append(.anything)
            case "?" where hasWildcards:
                flush()
                parts.append(.anyCharacter)
            default: literal.unicodeScalars.append(character)
            }
        }
        flush()
        self.parts = parts
        let isFixed = !parts.contains { if case .variable = $0 { true } else { false } }
        glob = isFixed ? Glob(parts) : nil
    }

    // `key` or `key, 'default'` (IAM User Guide, "Specifying default values").
    private static func variable(_ text: String) throws(PolicyTextFault) -> Part {
        let pieces = text.pieces(at: ",", most: 2)
        let key = String(pieces[0]).trimmed
        guard let definition = ConditionKey.definition(key) else {
            throw PolicyTextFault(reason: "the policy variable `${\(key)}` is not known")
        }
        guard !definition.isMultiValued else {
            throw PolicyTextFault(reason: "`${\(key)}` has several values, and a variable stands for one")
        }
        guard pieces.count == 2 else { return .variable(key: definition.name, fallback: nil) }
        let fallback = String(pieces[1]).trimmed
        guard fallback.count >= 2, fallback.hasOctetPrefix("'"), fallback.hasOctetSuffix("'") else {
            throw PolicyTextFault(reason: "the default in `${\(text)}` must be in single quotes")
        }
        return .variable(key: definition.name, fallback: String(fallback.dropFirst().dropLast()))
    }

    /// The text as in a policy, with the keys of variables in lower case.
    var written: String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .anything: "*"
            case .anyCharacter: "?"
            case .variable(let key, let fallback): "${\(key)\(fallback.map { ", '\($0)'" } ?? "")}"
            }
        }.joined()
    }

    /// Why a variable can never have a value; nil when each can.
    var variableFault: String? {
        for case .variable(let key, let fallback) in parts {
            if key.containsOctets("${") || fallback?.containsOctets("${") == true {
                return
                    "`\(written)` has a policy variable inside a policy variable; write one key in each `${…}`"
            }
            if key.utf8.contains(where: { Self.isNeverInKey($0) }) {
                return
                    "`${\(key)}` never has a value: keys of tags have none of `*`, `?`, `$`, `{` and `}`; name one tag"
            }
        }
        return nil
    }

    /// Whether no condition key can contain the octet, because it has a meaning in policies and AWS forbids
    /// it in keys of tags (AWS Tagging User Guide, "Tag naming limits and requirements").
    static func isNeverInKey(_ octet: UInt8) -> Bool { "*?${}".utf8.contains(octet) }

    /// The minimum number of characters of a matching text.
    var fewestCharacters: Int {
        parts.reduce(0) { count, part in
            switch part {
            case .literal(let text): count + text.unicodeScalars.count
            case .anyCharacter: count + 1
            case .anything, .variable: count
            }
        }
    }

    /// The only matching text; nil with variables or wildcards.
    var fixed: String? {
        guard glob != nil else { return nil }
        var text = ""
        for part in parts {
            guard case .literal(let piece) = part else { return nil }
            text += piece
        }
        return text
    }

    /// Whether it matches; nil when a variable has no value.
    /// - Parameter isLowercased: whether `text` is in lower case; then the variables' values are lower-cased
    ///   too
    func matches(_ text: String, in context: ConditionContext, isLowercased: Bool = false) -> Bool? {
        if let glob { return glob.matches(text) }
        return resolved(in: context, isLowercased: isLowercased)?.matches(text)
    }

    /// The pattern with the values of its variables; nil when a variable has no value.
    func resolved(in context: ConditionContext, isLowercased: Bool = false) -> Glob? {
        if let glob { return glob }
        var resolved: [Part] = []
        for part in parts {
            guard case .variable(let key, let fallback) = part else {
                resolved.append(part)
                continue
            }
            guard let value = context.values(lowercased: key)?.first ?? fallback else { return nil }
            resolved.append(.literal(isLowercased ? value.lowercased() : value))
        }
        return Glob(resolved)
    }
}

/// Why a text of a policy is invalid.
struct PolicyTextFault: Error {
    let reason: String
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
