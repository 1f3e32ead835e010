public import X509

/// cRLDistributionPoints and freshestCRL (RFC 5280, sections 4.2.1.13 and 4.2.1.15).
public struct DistributionPoints: Sendable {
    public struct Point: Sendable {
        /// The names of distributionPoint.fullName; nil when it has none.
        public let fullName: [GeneralName]?
        public let hasRelativeName: Bool
        public let hasReasons: Bool
        public let cRLIssuer: [GeneralName]?
    }

    public let points: [Point]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var list = try DERReader(value, as: .sequence, "")
        var points: [Point] = []
        try list.forEach(.sequence, "point") { reader throws(SyntaxFault) in
            points.append(try Self.point(&reader))
        }
        self.points = points
    }

    private static func point(_ reader: inout DERReader) throws(SyntaxFault) -> Point {
        let (fullName, hasRelativeName) = try reader.distributionPointName()
        let reasons = try reader.optional(.context(1), "reasons")
        if let reasons {
            let bits = try DERReader.namedBits(reasons.contents, reader.within("reasons"))
            // RFC 5280, section 4.2.1.13: ReasonFlags has nine bits.
            guard bits.count <= 2, bits.count < 2 || bits[1] & 0x7F == 0 else {
                throw SyntaxFault(place: reader.within("reasons"), problem: "has a bit without a meaning")
            }
        }
        var cRLIssuer: [GeneralName]?
        if let issuer = try reader.optional(.constructedContext(2), "cRLIssuer") {
            cRLIssuer = try DERReader.generalNames(issuer, reader.within("cRLIssuer"))
        }
        return Point(
            fullName: fullName, hasRelativeName: hasRelativeName, hasReasons: reasons != nil,
            cRLIssuer: cRLIssuer)
    }
}

extension DERReader {
    /// `distributionPoint [0] DistributionPointName OPTIONAL` (RFC 5280, sections 4.2.1.13 and 5.2.5).
    @discardableResult
    mutating func distributionPointName() throws(SyntaxFault) -> (
        fullName: [GeneralName]?, hasRelativeName: Bool
    ) {
        guard let name = try optional(.constructedContext(0), "distributionPoint") else {
            return (nil, false)
        }
        // A CHOICE, and so tagged explicitly.
        var choice = DERReader(name, within("distributionPoint"))
        var fullName: [GeneralName]?
        if let full = try choice.optional(.constructedContext(0), "fullName") {
            fullName = try DERReader.generalNames(full, choice.within("fullName"))
        } else {
            let relative = try choice.next(.constructedContext(1), "nameRelativeToCRLIssuer")
            try DERReader.relativeName(relative.contents, choice.within("nameRelativeToCRLIssuer"))
        }
        try choice.end()
        return (fullName, fullName == nil)
    }
}
