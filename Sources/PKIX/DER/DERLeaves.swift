/// Checks the primitive values in any DER encoding by their universal types, without knowing the structure.
public enum DERLeaves {
    /// The most contents octets of an object identifier. Other readers refuse longer ones; for example,
    /// pyca/cryptography refuses the whole certificate.
    public static let longestObjectIdentifier = 63
    /// The deepest nesting of constructed values that is accepted; the library's parser has the same limit.
    private static let deepest = 50

    /// Throws the place and the fault if a value is not DER (X.690) or an object identifier is too long.
    /// - Returns: the first character in a string of universal type that no name may hold; nil when there is
    ///   none
    @discardableResult
    public static func check(
        _ der: ArraySlice<UInt8>, _ place: String = ""
    ) throws(SyntaxFault) -> Unicode.Scalar? {
        var reader = DERReader(DERElements.Element(tag: 0, encoded: der, contents: der), place)
        let element = try reader.any(nil)
        try reader.end()
        // The first pass computes no places. Only a fault needs them, and naming each costs more than the
        // rest of the check.
        var hidden: Unicode.Scalar?
        do { try check(element, nil, 0, &hidden) } catch {
            try check(element, place, 0, &hidden)
            throw error
        }
        return hidden
    }

    private static func check(
        _ element: DERElements.Element, _ path: String?, _ depth: Int, _ hidden: inout Unicode.Scalar?
    ) throws(SyntaxFault) {
        let place = path ?? ""
        if let problem = problem(element) {
            throw SyntaxFault(place: place, problem: "is not DER: \(problem)")
        }
        guard isConstructed(element.tag) else {
            if hidden == nil {
                hidden = CharacterString(rawValue: element.tag)?.read(element.contents).hidden
            }
            return
        }
        guard depth < deepest else { throw SyntaxFault(place: place, problem: "is nested too deep") }
        var parts = DERReader(element, place)
        var components: [DERElements.Element] = []
        while !parts.isAtEnd {
            components.append(try parts.any(nil))
            try check(
                components[components.count - 1], path.map { "\($0)[\(components.count)]" }, depth + 1,
                &hidden)
        }
        if element.tag == DERTag.set.rawValue, let problem = problem(inSet: components) {
            throw SyntaxFault(place: place, problem: "is not DER: \(problem)")
        }
    }

    /// The fault in the identifier or the contents of a value of a universal type, as a sentence; nil when
    /// there is none. ``problem(inSet:)`` checks the components of a SET.
    static func problem(_ element: DERElements.Element) -> String? {
        DERDiagnosis.primitiveProblem(element) ?? UniversalLeaf.problem(element)
    }

    static func problem(inSet components: [DERElements.Element]) -> String? {
        UniversalLeaf.isSetInOrder(components)
            ? nil : "a SET is not in order (X.690, sections 10.3 and 11.6)"
    }

    // X.690, section 8.1.2.5: bit 6 of the identifier.
    private static func isConstructed(_ tag: UInt8) -> Bool { tag & 0x20 != 0 }

    /// The fault in the contents octets of an object identifier, as a sentence; nil when there is none. They
    /// must be valid (X.690, section 8.19.2) and no longer than other readers accept.
    public static func objectIdentifierProblem(_ contents: ArraySlice<UInt8>) -> String? {
        guard contents.count <= longestObjectIdentifier else {
            return "an OBJECT IDENTIFIER has \(contents.count) octets, and other readers take "
                + "\(longestObjectIdentifier) at most"
        }
        // X.690, section 8.19.2: base 128, and no subidentifier begins with a zero digit.
        var isFirst = true
        var arc: UInt64 = 0
        var characters = 0
        for octet in contents {
            if isFirst && octet == 0x80 { return Self.malformed }
            guard arc < 1 << 56 else {
                return "an OBJECT IDENTIFIER has an arc of more than 63 bits, which is not supported"
            }
            arc = arc << 7 | UInt64(octet & 0x7F)
            isFirst = octet < 0x80
            guard isFirst else { continue }
            // X.690, section 8.19.4: one subidentifier holds the first two arcs, and the first arc has one
            // digit.
            characters += characters == 0 ? 2 + digits(arc < 80 ? arc % 40 : arc - 80) : 1 + digits(arc)
            arc = 0
        }
        guard isFirst, !contents.isEmpty else { return Self.malformed }
        return characters <= longestText
            ? nil
            : "an OBJECT IDENTIFIER has \(characters) characters in dotted decimal, and other readers take "
                + "\(longestText) at most"
    }

    /// The most characters of an object identifier in dotted decimal. GnuTLS refuses certificates with a
    /// longer one (`MAX_OID_SIZE`, which counts the terminating zero).
    private static let longestText = 127

    private static func digits(_ number: UInt64) -> Int {
        var (rest, count) = (number / 10, 1)
        while rest > 0 { (rest, count) = (rest / 10, count + 1) }
        return count
    }

    private static let malformed = "an OBJECT IDENTIFIER is malformed (X.690, section 8.19)"

    /// Whether other readers accept every object identifier in `der`, at any depth. Nothing else is checked.
    public static func hasReadableObjectIdentifiers(_ der: ArraySlice<UInt8>) -> Bool {
        hasReadableObjectIdentifiers(der, 0)
    }

    private static func hasReadableObjectIdentifiers(_ der: ArraySlice<UInt8>, _ depth: Int) -> Bool {
        for element in DERElements(der) {
            if element.tag == DERTag.objectIdentifier.rawValue {
                guard objectIdentifierProblem(element.contents) == nil else { return false }
            } else if isConstructed(element.tag), depth < deepest {
                guard hasReadableObjectIdentifiers(element.contents, depth + 1) else { return false }
            }
        }
        return true
    }
}
