public import SwiftASN1

/// certificatePolicies with all of its qualifiers (RFC 5280, section 4.2.1.4).
public struct QualifiedPolicies: Sendable {
    public enum Qualifier: Sendable {
        /// id-qt-cps
        case practiceStatement(String)
        /// id-qt-unotice
        case userNotice(UserNotice)
        case other(ASN1ObjectIdentifier)
    }

    public struct UserNotice: Sendable {
        /// The organization of the noticeRef; nil without one.
        public var organization: DisplayText?
        /// The number of noticeNumbers in the noticeRef.
        public var numbers = 0
        public var explicitText: DisplayText?
    }

    /// The properties of a DisplayText that the rules check.
    public struct DisplayText: Sendable {
        public let tag: DERTag
        public let characters: Int
        /// Whether it has a control character or an invisible one.
        public let isHidden: Bool
    }

    public struct Policy: Sendable {
        public let identifier: ASN1ObjectIdentifier
        public let qualifiers: [Qualifier]
    }

    public let policies: [Policy]

    /// RFC 5280, section 4.2.1.4
    public static let anyPolicy: ASN1ObjectIdentifier = [2, 5, 29, 32, 0]
    private static let practiceStatement: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 1]
    private static let userNotice: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 2]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        var policies: [Policy] = []
        try reader.forEach(.sequence, "policy") { parts throws(SyntaxFault) in
            let identifier = try parts.objectIdentifier("policyIdentifier")
            var qualifiers: [Qualifier] = []
            if let list = try parts.optional(.sequence, "policyQualifiers") {
                var infos = DERReader(list, parts.within("policyQualifiers"))
                try infos.forEach(.sequence, "qualifier") { info throws(SyntaxFault) in
                    qualifiers.append(try Self.qualifier(&info))
                }
            }
            policies.append(Policy(identifier: identifier, qualifiers: qualifiers))
        }
        self.policies = policies
    }

    private static func qualifier(_ info: inout DERReader) throws(SyntaxFault) -> Qualifier {
        let kind = try info.objectIdentifier("policyQualifierId")
        switch kind {
        case practiceStatement:
            let element = try info.next(.ia5String, "qualifier")
            return .practiceStatement(try DERReader.text(element, as: .ia5String, info.within("qualifier")))
        case userNotice:
            var notice = DERReader(try info.next(.sequence, "qualifier"), info.within("qualifier"))
            let parsed = try Self.notice(&notice)
            try notice.end()
            return .userNotice(parsed)
        default:
            try info.wellFormed("qualifier")
            return .other(kind)
        }
    }

    private static func notice(_ notice: inout DERReader) throws(SyntaxFault) -> UserNotice {
        var parsed = UserNotice()
        if let reference = try notice.optional(.sequence, "noticeRef") {
            var parts = DERReader(reference, notice.within("noticeRef"))
            parsed.organization = try displayText(&parts, "organization")
            let numbers = try parts.next(.sequence, "noticeNumbers")
            var list = DERReader(numbers, parts.within("noticeNumbers"))
            // The numbers of notices in the organization's list, which are not negative.
            while !list.isAtEnd {
                _ = try list.integer("number")
                parsed.numbers += 1
            }
            try parts.end()
        }
        if !notice.isAtEnd { parsed.explicitText = try displayText(&notice, "explicitText") }
        return parsed
    }

    /// `DisplayText` in any of its four string types. A separate rule limits the types of new certificates.
    private static func displayText(
        _ reader: inout DERReader, _ name: String
    ) throws(SyntaxFault) -> DisplayText {
        let element = try reader.any(name)
        let tag = DERTag(rawValue: element.tag)
        guard [.ia5String, .visibleString, .bmpString, .utf8String].contains(tag) else {
            throw SyntaxFault(place: reader.within(name), problem: "is not a DisplayText")
        }
        let text = try DERReader.text(element, as: tag, reader.within(name))
        return DisplayText(
            tag: tag, characters: text.unicodeScalars.count,
            isHidden: text.unicodeScalars.contains(where: \.isRefusedInNames))
    }
}
