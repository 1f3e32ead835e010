/// The universal tags of X.680, section 8.4, as identifier octets. The constructed bit is set where DER
/// requires it.
enum IdentifierOctet {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    /// `[number]`, constructed.
    static func contextSpecific(_ number: UInt8) -> UInt8 { 0xA0 | number }
}
