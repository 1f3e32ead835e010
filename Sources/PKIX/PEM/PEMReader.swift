/// Reads a text from boundary to boundary (RFC 7468, section 3, figure 3: `laxtextualmsg`).
struct PEMReader {
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let hyphens = Array("-----".utf8)
    /// More than twice the length of the longest label in use, in octets.
    private static let longestLabel = 64

    private let text: [UInt8]
    private var at: Int

    init(_ text: [UInt8]) {
        self.text = text
        at = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// White space of RFC 7468, section 3: `W`.
    static func isBlank(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: " "), 0x09, 0x0A, 0x0B, 0x0C, 0x0D: true
        default: false
        }
    }

    /// Moves past the next `-----BEGIN label-----` and returns the label; nil when there is none.
    mutating func nextLabel() throws(PEMFault) -> String? {
        while at < text.count {
            guard text[at] == UInt8(ascii: "-") else {
                at += 1
                continue
            }
            if text[at...].starts(with: Self.begin) {
                // Tools differ in whether they recognize a boundary after other text, so it is an error here.
                guard isFirstOnItsLine else { throw .boundary(line: line(at: at)) }
                let start = at
                at += Self.begin.count
                guard let label = label() else { throw .boundary(line: line(at: start)) }
                return label
            }
            // An end without a beginning: the text is truncated, or its boundaries are damaged.
            guard !text[at...].starts(with: Self.end) else { throw .boundary(line: line(at: at)) }
            at += 1
        }
        return nil
    }

    /// The contents of the block whose beginning was read. Moves past its `-----END label-----`.
    mutating func contents(of label: String) throws(PEMFault) -> [UInt8] {
        let body = at
        // The name of a header ends in a colon, which base64 does not contain.
        while at < text.count, text[at] != UInt8(ascii: "-"), text[at] != UInt8(ascii: ":") { at += 1 }
        let encoded = text[body..<at]
        guard at < text.count else { throw .unfinished(label: label, line: line(at: body)) }
        if !text[at...].starts(with: Self.hyphens) {
            // `Proc-Type: …` has a hyphen before its colon.
            let isHeader = text[at...].prefix { $0 != 0x0A && $0 != 0x0D }.contains(UInt8(ascii: ":"))
            throw isHeader ? .headers(line: line(at: at)) : .base64(line: line(at: at))
        }
        let place = at
        guard text[at...].starts(with: Self.end) else {
            throw .unfinished(label: label, line: line(at: body))
        }
        at += Self.end.count
        guard self.label() == label else { throw .boundary(line: line(at: place)) }
        switch Base64.decode(encoded) {
        case .success(let octets): return octets
        case .failure(let fault): throw .base64(line: line(at: fault.place))
        }
    }

    /// Reads the label and the hyphens after it; nil when there is no valid label.
    private mutating func label() -> String? {
        guard let length = text[at...].prefix(Self.longestLabel + 1).firstIndex(of: UInt8(ascii: "-")) else {
            return nil
        }
        let label = text[at..<length]
        // RFC 7468, section 3: printable characters. No label that is read here contains a hyphen.
        guard !label.isEmpty, label.allSatisfy({ (0x20...0x7E).contains($0) }),
            text[length...].starts(with: Self.hyphens)
        else { return nil }
        at = length + Self.hyphens.count
        return String(decoding: label, as: UTF8.self)
    }

    private var isFirstOnItsLine: Bool {
        var place = at
        while place > 0, text[place - 1] == UInt8(ascii: " ") || text[place - 1] == 0x09 { place -= 1 }
        return place == 0 || Self.isBlank(text[place - 1])
            || text[..<place].elementsEqual([0xEF, 0xBB, 0xBF])
    }

    /// The number of the line, from 1. A CR and the LF after it end one line.
    private func line(at place: Int) -> Int {
        var count = 1
        for index in 0..<min(place, text.count) {
            let isEnd =
                text[index] == 0x0A
                || text[index] == 0x0D && (index + 1 == text.count || text[index + 1] != 0x0A)
            if isEnd { count += 1 }
        }
        return count
    }
}

/// RFC 4648, section 4, with white space anywhere.
enum Base64 {
    struct Fault: Error {
        /// The index of the octet that base64 does not allow there.
        let place: Int
    }

    static let pad = UInt8(ascii: "=")

    static func isDigit(_ octet: UInt8) -> Bool { values[Int(octet)] != 0xFF }

    /// The value of each octet that is a digit of base64; 0xFF for the others.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func decode(_ text: ArraySlice<UInt8>) -> Result<[UInt8], Fault> {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count / 4 * 3)
        let values = Self.values
        var (group, digits, pads) = (UInt32(0), 0, 0)
        for place in text.indices {
            let octet = text[place]
            let value = values[Int(octet)]
            guard value != 0xFF else {
                if PEMReader.isBlank(octet) { continue }
                guard octet == pad, digits >= 2, digits + pads < 4 else {
                    return .failure(Fault(place: place))
                }
                pads += 1
                continue
            }
            guard pads == 0 else { return .failure(Fault(place: place)) }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
                octets.append(UInt8(group >> 16))
                octets.append(UInt8(group >> 8 & 0xFF))
                octets.append(UInt8(group & 0xFF))
                (group, digits) = (0, 0)
            }
        }
        switch (digits, pads) {
        case (0, 0): break
        case (2, 2): octets.append(UInt8(group >> 4))
        case (3, 1): octets += [UInt8(group >> 10), UInt8(group >> 2 & 0xFF)]
        default: return .failure(Fault(place: text.endIndex))
        }
        guard !octets.isEmpty else { return .failure(Fault(place: text.endIndex)) }
        return .success(octets)
    }
}
