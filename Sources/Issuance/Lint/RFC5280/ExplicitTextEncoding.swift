internal import PKIX
internal import X509

enum ExplicitTextEncodingLint {
    static let rule = LintRule(
        "RFC 6818, section 3", "certificatePolicies", level: .should
    ) { subject in
        // RFC 6818, section 3: UTF8String; RFC 5280 forbids VisibleString and BMPString.
        let other = subject.policies.flatMap(\.explicitTexts).first {
            $0.tag == .visibleString || $0.tag == .bmpString
        }
        return other.map { "has a user notice with an explicitText that is \($0.tag.name), not a UTF8String" }
    }
}
