internal import SwiftASN1

/// Converts ECDSA signatures between the form of PKCS#11 and that of X.509.
public enum ECDSASignature {
    /// The DER of `Ecdsa-Sig-Value` (RFC 3279, section 2.2.3) for `r ‖ s`, the form of PKCS#11. Each number
    /// has `coordinateBytes` octets. Nil when the length is wrong.
    public static func der(fromConcatenation signature: [UInt8], coordinateBytes: Int) -> [UInt8]? {
        guard signature.count == 2 * coordinateBytes else { return nil }
        var serializer = DER.Serializer()
        serializer.appendConstructedNode(identifier: .sequence) { coder in
            for half in [signature.prefix(coordinateBytes), signature.suffix(coordinateBytes)] {
                coder.appendPrimitiveNode(identifier: .integer) { bytes in
                    appendUnsignedInteger(half, to: &bytes)
                }
            }
        }
        return serializer.serializedBytes
    }

    /// `r ‖ s` from the DER of an `Ecdsa-Sig-Value`, each number padded to `coordinateBytes`. Nil when the
    /// octets are not an `Ecdsa-Sig-Value`, or when a number is too large.
    static func concatenation(fromDER der: [UInt8], coordinateBytes: Int) -> [UInt8]? {
        let numbers = try? DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
            [try ArraySlice<UInt8>(derEncoded: &nodes), try ArraySlice<UInt8>(derEncoded: &nodes)]
        }
        guard let numbers, numbers.allSatisfy({ $0.count <= coordinateBytes }) else { return nil }
        return numbers.flatMap { [UInt8](repeating: 0, count: coordinateBytes - $0.count) + $0 }
    }
}

/// Appends the contents octets of an INTEGER whose value is the unsigned big-endian `number`, in the least
/// number of octets (X.690, section 8.3.2).
func appendUnsignedInteger(_ number: some Collection<UInt8>, to bytes: inout [UInt8]) {
    let minimal = number.drop { $0 == 0 }
    // X.690, section 8.3.3: two's complement, so a leading one-bit needs a zero octet before it.
    if minimal.first.map({ $0 & 0x80 != 0 }) ?? true { bytes.append(0) }
    bytes += minimal
}
