public import Authorization
public import Issuance
public import PKIX

/// The operator's settings for issuance.
public struct IssuanceSettings: Sendable {
    public let catalog: TemplateCatalog
    /// Keys that are never certified.
    public let knownWeakKeys: KnownWeakKeys
    /// Seconds by which certificates begin before they are issued.
    public let backdate: Int64
    /// The backdate of single authorities.
    public let backdates: [ARN: Int64]
    /// How far ValidityNotBefore can precede issuance, in seconds; nil for an hour beyond the backdate.
    public let longestNotBefore: Int64?
    /// The limit of single authorities.
    public let longestNotBefores: [ARN: Int64]

    public init(
        catalog: TemplateCatalog, knownWeakKeys: KnownWeakKeys = .none,
        backdate: Int64 = IssuingAuthority.defaultBackdate, backdates: [ARN: Int64] = [:],
        longestNotBefore: Int64? = nil, longestNotBefores: [ARN: Int64] = [:]
    ) {
        self.catalog = catalog
        self.knownWeakKeys = knownWeakKeys
        self.backdate = backdate
        self.backdates = backdates
        self.longestNotBefore = longestNotBefore
        self.longestNotBefores = longestNotBefores
    }
}
