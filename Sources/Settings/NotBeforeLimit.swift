internal import StrictYAML

/// Reads how far `ValidityNotBefore` of a request can precede issuance.
enum NotBeforeLimit {
    static let key = "not-before-limit-minutes"

    /// In seconds; nil when the key is not there.
    /// - Parameter backdate: a lower limit would refuse the default beginning of certificates
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
