/// A Cryptoki return value (`CK_RV`). Any number is accepted, because vendors add their own.
public struct ReturnValue: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// Whether the value is defined by the token's vendor.
    // PKCS#11 3.1, section 3.6: CKR_VENDOR_DEFINED and above are reserved for vendors.
    public var isVendorDefined: Bool { rawValue >= Self.vendorDefined.rawValue }
}

extension ReturnValue: CustomStringConvertible {
    /// The standard's name. A value without one is written like `CKR_VENDOR_0x80000384` or `CKR_0x1234`.
    public var description: String {
        if let name = Self.names[self] { return name }
        let hex = String(rawValue, radix: 16)
        return isVendorDefined ? "CKR_VENDOR_0x\(hex)" : "CKR_0x\(hex)"
    }
}
