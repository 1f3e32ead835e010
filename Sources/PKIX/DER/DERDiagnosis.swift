/// Finds the first place where bytes are not DER or do not have the expected shape, to explain a parser's
/// refusal to the sender. It decides nothing; parsers decide what is accepted.
struct DERDiagnosis: Error, Sendable, Hashable, CustomStringConvertible {
    let problem: String
    /// The names of the elements around it, from the outermost.
    let place: [String]

    var description: String {
        place.isEmpty ? problem : "\(problem), in \(place.joined(separator: ", "))"
    }

    /// The deepest element that is looked at; no structure of PKIX is deeper.
    private static let deepest = 32

    /// Nil when nothing was found.
    init?(_ der: [UInt8], as shape: DERShape) {
        do throws(Self) {
            let elements = try Self.elements(of: der[...], [])
            guard let top = elements.first else { throw Self(problem: "nothing is there", place: []) }
            guard top.tag == IdentifierOctet.sequence else {
                throw Self(problem: "the \(shape.name) is no SEQUENCE", place: [])
            }
            try Self.check(top, shape, [])
            guard elements.count == 1 else {
                let rest = der.count - top.encoded.count
                throw Self(problem: "\(rest) octets follow the \(shape.name)", place: [])
            }
            return nil
        } catch { self = error }
    }

    private init(problem: String, place: [String]) {
        self.problem = problem
        self.place = place
    }

    private static func check(
        _ element: DERElements.Element, _ shape: DERShape, _ place: [String]
    ) throws(Self) {
        // X.690, section 8.1.2.5: the bit of a constructed encoding.
        guard element.tag & 0x20 != 0 else {
            if let problem = primitiveProblem(element) { throw Self(problem: problem, place: place) }
            return
        }
        guard place.count < deepest else { return }
        let parts = try elements(of: element.contents, place)
        for (index, part) in parts.enumerated() {
            let inner = shape.part(index, parts)
            try check(part, inner, place + [inner.name])
        }
        if shape.isSetOf || element.tag == IdentifierOctet.set {
            // X.690, section 11.6: ascending, the shorter padded with zeros.
            let isSorted = zip(parts, parts.dropFirst()).allSatisfy { isAscending($0.encoded, $1.encoded) }
            guard isSorted else {
                throw Self(
                    problem: "the SET OF \(shape.name) is not in DER order (X.690, section 11.6)",
                    place: Array(place.dropLast()))
            }
        }
        if let problem = shape.problem(parts) { throw Self(problem: problem, place: place) }
    }

    static func isAscending(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        let length = max(one.count, other.count)
        func padded(_ octets: ArraySlice<UInt8>) -> [UInt8] {
            Array(octets) + [UInt8](repeating: 0, count: length - octets.count)
        }
        return !padded(other).lexicographicallyPrecedes(padded(one))
    }

    private static func elements(
        of bytes: ArraySlice<UInt8>, _ place: [String]
    ) throws(Self) -> [DERElements.Element] {
        var elements: [DERElements.Element] = []
        var rest = bytes
        while !rest.isEmpty {
            if let problem = headerProblem(rest) {
                let isAfter = place.isEmpty && !elements.isEmpty
                throw Self(
                    problem: isAfter ? "\(rest.count) octets follow the end of the first element" : problem,
                    place: place)
            }
            var next = DERElements(rest)
            guard let element = next.next() else {
                throw Self(problem: "an element that does not parse", place: place)
            }
            elements.append(element)
            rest = rest.dropFirst(element.encoded.count)
        }
        return elements
    }

    /// The fault of the identifier and length at the beginning of `bytes`.
    private static func headerProblem(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let tag = bytes.first, let first = bytes.dropFirst().first else {
            return "the bytes end within the header of an element"
        }
        // X.690, section 8.1.2.4: no element of PKIX has a tag number above 30.
        guard tag & 0x1F != 0x1F else { return "an element has a tag of several octets" }
        guard first != 0x80 else {
            return "an element has the indefinite length, which is BER and not DER (X.690, section 10.1)"
        }
        guard first > 0x80 else {
            return bytes.count - 2 < Int(first)
                ? "an element of \(first) octets ends after \(bytes.count - 2)" : nil
        }
        let octets = Int(first & 0x7F)
        guard octets <= 4 else { return "an element has a length of \(octets) octets" }
        guard bytes.count >= 2 + octets else { return "the bytes end within the length of an element" }
        let length = bytes.dropFirst(2).prefix(octets).reduce(0) { $0 << 8 | Int($1) }
        // X.690, section 10.1: in the least number of octets.
        guard length >= 0x80, length >= 1 << (8 * (octets - 1)) else {
            return "the length of an element is not in the least number of octets (X.690, section 10.1)"
        }
        let there = bytes.count - 2 - octets
        return there < length ? "an element of \(length) octets ends after \(there)" : nil
    }

    /// The fault of a primitive value of a universal type, as a sentence; nil when there is none.
    static func primitiveProblem(_ element: DERElements.Element) -> String? {
        let contents = element.contents
        switch element.tag {
        case IdentifierOctet.boolean:
            // X.690, section 11.1.
            let isDER = contents.count == 1 && (contents.first == 0 || contents.first == 0xFF)
            return isDER ? nil : "a BOOLEAN is neither 00 nor FF (X.690, section 11.1)"
        case IdentifierOctet.integer:
            guard let first = contents.first else { return "an INTEGER is empty" }
            guard let second = contents.dropFirst().first else { return nil }
            // X.690, section 8.3.2: the first nine bits are not all alike.
            let isPadded = first == 0 && second < 0x80 || first == 0xFF && second >= 0x80
            return isPadded ? "an INTEGER is not in the least number of octets (X.690, section 8.3.2)" : nil
        case IdentifierOctet.bitString:
            guard let unused = contents.first else { return "a BIT STRING is empty" }
            guard unused < 8, contents.count > 1 || unused == 0 else {
                return "a BIT STRING has \(unused) unused bits"
            }
            // X.690, section 11.2.1.
            let isZero = contents.count == 1 || contents[contents.endIndex - 1] & ((1 << unused) - 1) == 0
            return isZero ? nil : "the unused bits of a BIT STRING are not zero (X.690, section 11.2.1)"
        case IdentifierOctet.null: return contents.isEmpty ? nil : "a NULL is not empty"
        case IdentifierOctet.objectIdentifier: return DERLeaves.objectIdentifierProblem(contents)
        case IdentifierOctet.sequence & ~0x20, IdentifierOctet.set & ~0x20:
            return "a SEQUENCE or SET is encoded as primitive"
        default: return nil
        }
    }
}
