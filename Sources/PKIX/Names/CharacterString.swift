/// The character string types of X.680 in names, by tag. Other parsers repair octets that do not fit the
/// type, or stop at the first of them. This type refuses them.
public enum CharacterString: UInt8, Sendable, Hashable {
    case utf8String = 0x0C
    case numericString = 0x12
    case printableString = 0x13
    /// T.61. It is read as Latin-1, as in OpenSSL and Java.
    case teletexString = 0x14
    case ia5String = 0x16
    case visibleString = 0x1A
    /// Only within otherName (RFC 4120, section 5.2.1: the characters of IA5String).
    case generalString = 0x1B
    case universalString = 0x1C
    case bmpString = 0x1E

    /// The type's name in X.680.
    public var name: String {
        switch self {
        case .utf8String: "UTF8String"
        case .numericString: "NumericString"
        case .printableString: "PrintableString"
        case .teletexString: "TeletexString"
        case .ia5String: "IA5String"
        case .visibleString: "VisibleString"
        case .generalString: "GeneralString"
        case .universalString: "UniversalString"
        case .bmpString: "BMPString"
        }
    }

    /// The result of reading octets as a string type.
    public struct Reading: Sendable, Hashable {
        /// The number of characters before the first octet that does not fit.
        public var characters = 0
        /// The position of the first octet that the type does not allow, from 1; nil when all fit.
        public var misfit: Int?
        /// The first character that no name may hold.
        public var hidden: Unicode.Scalar?
    }

    /// Reads the contents octets without keeping them.
    public func read(_ contents: ArraySlice<UInt8>) -> Reading {
        var reading = Reading()
        reading.misfit = forEachScalar(contents) { scalar in
            reading.characters += 1
            if reading.hidden == nil, scalar.isRefusedInNames { reading.hidden = scalar }
        }
        return reading
    }

    /// The text; nil when an octet does not fit the type.
    public func text(_ contents: ArraySlice<UInt8>) -> String? {
        var scalars = String.UnicodeScalarView()
        return forEachScalar(contents) { scalars.append($0) } == nil ? String(scalars) : nil
    }

    /// - Returns: the position of the first octet that does not fit, from 1; nil when all fit
    private func forEachScalar(_ contents: ArraySlice<UInt8>, _ body: (Unicode.Scalar) -> Void) -> Int? {
        switch self {
        case .utf8String: Self.forEachScalar(ofUTF8: contents, body)
        case .bmpString: Self.forEachScalar(of: contents, width: 2, body)
        case .universalString: Self.forEachScalar(of: contents, width: 4, body)
        case .numericString, .printableString, .teletexString, .ia5String, .visibleString, .generalString:
            forEachScalar(ofOctets: contents, body)
        }
    }

    private func forEachScalar(
        ofOctets contents: ArraySlice<UInt8>, _ body: (Unicode.Scalar) -> Void
    ) -> Int? {
        for (index, byte) in contents.enumerated() {
            guard allows(byte) else { return index + 1 }
            body(Unicode.Scalar(byte))
        }
        return nil
    }

    private func allows(_ byte: UInt8) -> Bool {
        switch self {
        // X.680, section 41.2: digits and the space.
        case .numericString: (0x30...0x39).contains(byte) || byte == 0x20
        // X.680, section 41.4.
        case .printableString: Self.isPrintable(byte)
        case .teletexString: true
        case .ia5String, .generalString: byte < 0x80
        // The printable characters of ISO/IEC 646, and the space.
        case .visibleString: (0x20...0x7E).contains(byte)
        case .utf8String, .universalString, .bmpString: false
        }
    }

    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: " '()+,-./:=?".utf8.contains(byte)
        }
    }

    // RFC 3629, section 3: overlong forms and surrogates are not UTF-8. The library's decoder refuses both.
    private static func forEachScalar(
        ofUTF8 contents: ArraySlice<UInt8>, _ body: (Unicode.Scalar) -> Void
    ) -> Int? {
        guard let firstOther = contents.firstIndex(where: { $0 >= 0x80 }) else {
            for byte in contents { body(Unicode.Scalar(byte)) }
            return nil
        }
        for byte in contents[..<firstOther] { body(Unicode.Scalar(byte)) }
        var decoder = UTF8()
        var octets = contents[firstOther...].makeIterator()
        var position = firstOther - contents.startIndex
        while true {
            switch decoder.decode(&octets) {
            case .scalarValue(let scalar):
                body(scalar)
                position += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return position + 1
            }
        }
    }

    /// UCS-2 or UCS-4, the most significant octet first (X.690, sections 8.23.7 and 8.23.8). Surrogates are
    /// not characters of either.
    private static func forEachScalar(
        of contents: ArraySlice<UInt8>, width: Int, _ body: (Unicode.Scalar) -> Void
    ) -> Int? {
        var position = 0
        while position < contents.count {
            let octets = contents.dropFirst(position).prefix(width)
            guard octets.count == width,
                let scalar = Unicode.Scalar(octets.reduce(0) { $0 << 8 | UInt32($1) })
            else { return position + 1 }
            body(scalar)
            position += width
        }
        return nil
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x10000: 3
        default: 4
        }
    }
}
