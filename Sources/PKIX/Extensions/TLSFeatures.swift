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
            // RFC 7633, section 4.2.2: a certificate can demand status_request and status_request_v2. Readers
            // know no other features.
            guard [5, 17].contains(feature) else {
                throw SyntaxFault(
                    place: "feature",
                    problem: "is \(feature), and only status_request (5) and status_request_v2 (17) are known"
                )
            }
            // RFC 7633, section 4.2.2: a feature is listed once.
            if features.contains(feature) {
                throw SyntaxFault(place: "feature", problem: "is \(feature) for the second time")
            }
            features.append(feature)
        }
        self.features = features
    }
}
