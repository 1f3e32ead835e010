/// RFC 5280, section 5.3.1, without `unspecified`, which is expressed by the absence of the extension, and
/// without the reasons of delta CRLs and holds. Revocation is final.
public enum CRLReason: UInt8, Sendable, Hashable, CaseIterable {
    case keyCompromise = 1
    case cACompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    case privilegeWithdrawn = 9
    case aACompromise = 10
}
