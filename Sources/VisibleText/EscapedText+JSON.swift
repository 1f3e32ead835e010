extension EscapedText {
    /// A JSON text with every scalar that is not shown as `\uXXXX` (RFC 8259, section 7). Its value does not
    /// change, and it has no effect on a terminal.
    ///
    /// Outside of strings JSON has only ASCII, of which tabs, line feeds and blanks are kept. Text that is
    /// not JSON becomes safe too.
    public init(json: some StringProtocol) {
        var text = ""
        text.reserveCapacity(json.utf8.count)
        for scalar in json.unicodeScalars {
            if scalar.isVisible || scalar == "\n" {
                text.unicodeScalars.append(scalar)
            } else if scalar == "\t" || scalar == "\r" {
                // Only blanks between tokens are these; a string has them escaped already.
                text += " "
            } else {
                for unit in UTF16.encode(scalar) ?? .init() {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        self.init(stringLiteral: text)
    }
}
