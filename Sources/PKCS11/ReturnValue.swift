/// A Cryptoki return value (`CK_RV`), known or not. The world is open: vendors add their own.
public struct ReturnValue: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// Whether the value is of the token's maker.
    // PKCS#11 3.1, section 3.6: CKR_VENDOR_DEFINED and above are reserved for vendors.
    public var isVendorDefined: Bool { rawValue >= Self.vendorDefined.rawValue }
}

extension ReturnValue: CustomStringConvertible {
    /// The standard's name, or `CKR_VENDOR_0x80000384` and `CKR_0x1234` for a value without one.
    public var description: String {
        if let name = Self.names[self] { return name }
        let hex = String(rawValue, radix: 16)
        return isVendorDefined ? "CKR_VENDOR_0x\(hex)" : "CKR_0x\(hex)"
    }
}
