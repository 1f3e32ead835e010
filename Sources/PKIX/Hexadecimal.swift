/// Lower-case hexadecimal digits, two for an octet, as serial numbers and digests are written.
public func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
    bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined(separator: separator)
}
