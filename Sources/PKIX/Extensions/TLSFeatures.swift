/// The TLS features that a server must offer (RFC 7633, section 4): `SEQUENCE OF INTEGER`.
public struct TLSFeatures: Sendable {
    public let features: [Int]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        var features: [Int] = []
        while !reader.isAtEnd {
            let feature = try reader.integer("feature")
            // RFC 8446, section 4.2: the number of a TLS extension has 16 bits.
            guard feature <= 65_535 else {
                throw SyntaxFault(place: "feature", problem: "is not the number of a TLS extension")
            }
            features.append(feature)
        }
        self.features = features
    }
}
