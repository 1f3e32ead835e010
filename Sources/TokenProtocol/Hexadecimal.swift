/// Lower-case hexadecimal digits, two for an octet, as a CKA_ID is written.
public func hex(_ bytes: [UInt8]) -> String {
    bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
}
