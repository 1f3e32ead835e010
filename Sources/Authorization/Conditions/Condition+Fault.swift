internal import OctetText
internal import PKIX

/// Finds values that do not mean what their author probably intended.
extension Condition {
    /// The fault of the values; nil if there is none.
    func fault() -> String? {
        if comparison.comparison == .null {
            let flags = Set(
                values.map { if case .boolean(let flag) = $0 { flag } else { false } })
            return flags.count < 2
                ? nil : "`true` and `false` together always hold; write the one that is meant"
        }
        for (text, value) in zip(written.values, values) {
            if let fault = fault(of: text, value) { return fault }
        }
        return nil
    }

    private func fault(of text: String, _ value: Value) -> String? {
        switch value {
        case .date:
            Self.looksLikeCalendar(text)
                ? "`\(text)` is read as seconds since 1970; write a date such as 2099-01-01T00:00:00Z, or all digits of the seconds"
                : nil
        case .text(let pattern):
            pattern.variableFault ?? encodingFault(text) ?? dnsNameFault(pattern, text)
        case .number, .boolean, .range: nil
        }
    }

    /// A year, or a day without its dashes.
    private static func looksLikeCalendar(_ text: String) -> Bool {
        guard let number = number(text) else { return false }
        if abs(number) < 10_000 { return true }
        guard let day = Int(exactly: number), (1900_00_00...2999_99_99).contains(day) else { return false }
        return CivilTime(
            year: day / 10_000, month: day / 100 % 100, day: day % 100, hours: 0, minutes: 0, seconds: 0)
            != nil
    }

    /// RFC 4648, section 4.
    private func encodingFault(_ text: String) -> String? {
        guard comparison.comparison == .binaryEquals else { return nil }
        let octets = Array(text.utf8)
        let padding = octets.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let isEncoded =
            octets.count % 4 == 0 && padding <= 2
            && octets.dropLast(padding).allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
        return isEncoded
            ? nil : "`\(text)` is not base64, in fours of digits with `=` at the end; encode the value"
    }

    private func dnsNameFault(_ pattern: PolicyText, _ text: String) -> String? {
        guard key == "signet:dnsnames", case .literal(let end)? = pattern.parts.last, end.hasOctetSuffix(".")
        else { return nil }
        return "`\(text)` ends in a dot, as no DNS name of a certificate does; leave the dot out"
    }
}
