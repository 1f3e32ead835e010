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

    /// cRLDistributionPoints with one point, whose name is this URL.
    /// - Parameter url: ASCII
    public static func encoded(url: String) -> Certificate.Extension {
        // uniformResourceIdentifier [6], fullName [0], distributionPoint [0] EXPLICIT, and two sequences
        let tags: [UInt8] = [0x86, 0xA0, 0xA0, IdentifierOctet.sequence, IdentifierOctet.sequence]
        let value = tags.reduce(Array(url.utf8)) { DERElements.encoded(tag: $1, contents: $0) }
        return Certificate.Extension(
            oid: .X509ExtensionID.cRLDistributionPoints, critical: false,
            value: value[...])
    }

    /// The value of issuingDistributionPoint (RFC 5280, section 5.2.5) with these names of one distribution point.
    /// A relying party compares each with the names in the certificate (section 6.3.3, step b).
    /// - Parameter urls: ASCII
    public static func issuing(urls: [String]) -> [UInt8] {
        let names = urls.flatMap { DERElements.encoded(tag: 0x86, contents: Array($0.utf8)) }
        let tags: [UInt8] = [0xA0, 0xA0, IdentifierOctet.sequence]
        return tags.reduce(names) { DERElements.encoded(tag: $1, contents: $0) }
    }

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
        let hasReasons = try reader.reasonFlags(1, "reasons")
        var cRLIssuer: [GeneralName]?
        if let issuer = try reader.implicit(2, .sequence, "cRLIssuer") {
            cRLIssuer = try DERReader.generalNames(issuer, reader.within("cRLIssuer"))
        }
        return Point(
            fullName: fullName, hasRelativeName: hasRelativeName, hasReasons: hasReasons,
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
        // The tag is explicit, because the type is a CHOICE.
        var choice = DERReader(name, within("distributionPoint"))
        var fullName: [GeneralName]?
        if let full = try choice.implicit(0, .sequence, "fullName") {
            fullName = try DERReader.generalNames(full, choice.within("fullName"))
        } else {
            let name = "nameRelativeToCRLIssuer"
            // RelativeDistinguishedName is a SET OF behind an implicit tag (RFC 5280, appendix A.2).
            let relative = try DERReader.universal(
                choice.next(.constructedContext(1), name), as: .set, choice.within(name))
            try DERReader.relativeName(relative.contents, choice.within(name))
        }
        try choice.end()
        return (fullName, fullName == nil)
    }
}
