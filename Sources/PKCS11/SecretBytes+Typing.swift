/// Detects invisible characters that an editor, a script or copied text leaves in a PIN.
extension SecretBytes {
    /// A description of the untypable character in the PIN, which reveals nothing else about it; nil when
    /// there is none.
    ///
    /// PKCS#11 2.40, section 2.2: a PIN is UTF-8. Other octets are left to the token.
    public var unprintableFault: String? {
        // UTF-16, section 3.10 of Unicode: its byte order mark in either order.
        if count >= 2, [[0xFE, 0xFF], [0xFF, 0xFE]].contains([byte(0), byte(1)]) {
            return "text in UTF-16 (save it as UTF-8, without a byte order mark)"
        }
        var index = 0
        var last: UInt32 = 0
        while index < count {
            let (scalar, length) = self.scalar(at: index)
            switch scalar {
            case 0x00...0x1F, 0x7F...0x9F:
                return
                    "a control character, such as a second line end or a tab (one line end behind the PIN is dropped)"
            case 0xFEFF: return "a byte order mark (save it as UTF-8 without one)"
            case _ where Self.isInvisible(scalar):
                return "a character that is not seen, such as one that separates lines or joins letters"
            case _ where index == 0 && Self.isBlank(scalar): return "a blank at its beginning"
            default: break
            }
            last = scalar
            index += length
        }
        return count > 0 && Self.isBlank(last) ? "a blank at its end" : nil
    }

    /// Unicode's White_Space without the control characters.
    private static func isBlank(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Line and paragraph separators, and the format controls found in copied text.
    private static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064, 0x2066...0x206F: true
        default: false
        }
    }

    /// The scalar that begins at `index`, and its length in octets. For an octet that begins no scalar, the
    /// result is a value above every scalar, and 1.
    private borrowing func scalar(at index: Int) -> (UInt32, Int) {
        let first = byte(index)
        let length =
            switch first {
            case 0x00...0x7F: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        let none = (UInt32(0x11_0000) + UInt32(first), 1)
        guard length > 0, index + length <= count else { return none }
        if length == 1 { return (UInt32(first), 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let next = byte(index + offset)
            guard next & 0xC0 == 0x80 else { return none }
            value = value << 6 | UInt32(next & 0x3F)
        }
        return (value, length)
    }
}
