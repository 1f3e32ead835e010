public import PKIX
public import Storage

extension RevocationRecord.Reason {
    /// RFC 5280, section 5.3.1; nil for `unspecified`, which CRLs leave out.
    public var listReason: CRLReason? {
        switch self {
        case .unspecified: nil
        case .keyCompromise: .keyCompromise
        case .certificateAuthorityCompromise: .cACompromise
        case .affiliationChanged: .affiliationChanged
        case .superseded: .superseded
        case .cessationOfOperation: .cessationOfOperation
        case .privilegeWithdrawn: .privilegeWithdrawn
        case .aACompromise: .aACompromise
        }
    }

    /// The API's name for the reason of an entry of a CRL; `unspecified` for reasons that the API lacks.
    public init(listReason: UInt8?) {
        self = Self.allCases.first { $0.listReason?.rawValue == listReason } ?? .unspecified
    }
}
