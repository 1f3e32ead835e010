internal import StrictYAML

/// Reads how far `ValidityNotBefore` of a request can lie before its issuance.
enum NotBeforeLimit {
    static let key = "not-before-limit-minutes"

    /// In seconds; nil when the key is not there.
    /// - Parameter backdate: a limit below it would refuse a beginning that certificates have without being asked
    static func read(_ entry: StrictMapping, backdate: Int64) -> Int64? {
        guard entry.has(key) else { return nil }
        // A hundred years.
        let seconds = Int64(entry.number(key, default: 120, in: 0...52_560_000)) * 60
        if seconds < backdate {
            entry.fault("`\(entry.name(key))` is less than `backdate-minutes`", at: key)
        }
        return seconds
    }
}
