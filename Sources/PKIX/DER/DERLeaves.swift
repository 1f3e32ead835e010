/// The leaves of any DER encoding: checks of universal types that need no knowledge of the structure.
public enum DERLeaves {
    /// The longest object identifier, in contents octets. Other readers take no longer one:
    /// pyca/cryptography, for one, does not read a certificate that holds it.
    public static let longestObjectIdentifier = 63
    /// How deep constructed values may stand in each other: as deep as the parser of the library goes.
    private static let deepest = 50

    /// Throws when a value is not in DER (X.690), or holds an object identifier that is too long; with the
    /// place.
    /// - Returns: the first character in a string of universal type that no name may hold
    @discardableResult
    public static func check(
        _ der: ArraySlice<UInt8>, _ place: String = ""
    ) throws(SyntaxFault) -> Unicode.Scalar? {
        var reader = DERReader(DERElements.Element(tag: 0, encoded: der, contents: der), place)
        let element = try reader.any(nil)
        try reader.end()
        // Without places first: only a fault needs them, and to name each costs more than all the rest.
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

    /// What is wrong with the identifier or the contents of a value of a universal type, as a sentence; nil
    /// when nothing is. The components of a SET are left to ``problem(inSet:)``.
    static func problem(_ element: DERElements.Element) -> String? {
        DERDiagnosis.primitiveProblem(element) ?? UniversalLeaf.problem(element)
    }

    static func problem(inSet components: [DERElements.Element]) -> String? {
        UniversalLeaf.isSetInOrder(components)
            ? nil : "a SET is not in order (X.690, sections 10.3 and 11.6)"
    }

    // X.690, section 8.1.2.5: bit 6 of the identifier.
    private static func isConstructed(_ tag: UInt8) -> Bool { tag & 0x20 != 0 }

    /// What is wrong with the contents octets of an object identifier, as a sentence; nil when they are one
    /// (X.690, section 8.19.2) of no more octets than other readers take.
    public static func objectIdentifierProblem(_ contents: ArraySlice<UInt8>) -> String? {
        guard contents.count <= longestObjectIdentifier else {
            return "an OBJECT IDENTIFIER has \(contents.count) octets, and other readers take "
                + "\(longestObjectIdentifier) at most"
        }
        // X.690, section 8.19.2: base 128, and no part begins with a zero.
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
            // X.690, section 8.19.4: the first two arcs are one part, and the first of them has one digit.
            characters += characters == 0 ? 2 + digits(arc < 80 ? arc % 40 : arc - 80) : 1 + digits(arc)
            arc = 0
        }
        guard isFirst, !contents.isEmpty else { return Self.malformed }
        return characters <= longestText
            ? nil
            : "an OBJECT IDENTIFIER has \(characters) characters in dotted decimal, and other readers take "
                + "\(longestText) at most"
    }

    /// The longest object identifier in dotted decimal, in characters. GnuTLS reads no certificate that holds
    /// a longer one (`MAX_OID_SIZE`, with the zero at its end).
    private static let longestText = 127

    private static func digits(_ number: UInt64) -> Int {
        var (rest, count) = (number / 10, 1)
        while rest > 0 { (rest, count) = (rest / 10, count + 1) }
        return count
    }

    private static let malformed = "an OBJECT IDENTIFIER is malformed (X.690, section 8.19)"

    /// Whether every object identifier in `der`, in whatever depth, is one that other readers take.
    /// Everything else is left to the parsers.
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
