internal import TokenProtocol

/// Text that a worker, and so its module, chose.
enum ForeignText {
    /// As it can stand in a line of the log and in an event: scalars that are not shown are written as `\u{1B}`, octets that
    /// are not UTF-8 as `\xFF`, and of more than `limit` octets the rest is counted.
    static func escaped(_ octets: some Collection<UInt8>, limit: Int) -> String {
        let isShort = octets.count <= limit
        if isShort, octets.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return String(decoding: octets, as: UTF8.self)
        }
        var text = ""
        var rest = octets.prefix(limit)
        while !rest.isEmpty {
            var decoder = UTF8()
            var reader = rest.makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&reader) else {
                text += "\\x" + hex([rest.removeFirst()])
                continue
            }
            rest = rest.dropFirst(UTF8.width(scalar))
            if isShown(scalar) {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            }
        }
        return isShort ? text : text + "… (\(octets.count - limit) octets more)"
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
