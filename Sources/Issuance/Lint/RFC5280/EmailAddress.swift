internal import PKIX
internal import SwiftASN1
internal import X509

enum EmailAddressLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.6", "subject") { subject in
        // Old names of authorities have email addresses, and no mail is sent to an authority.
        if subject.isAuthority { return nil }
        let addresses = subject.certificate.subject.flatMap { $0 }
            .filter { $0.type == .RDNAttributeType.emailAddress }
        guard !addresses.isEmpty else { return nil }
        let names = (try? subject.certificate.extensions.subjectAlternativeNames).map { Array($0) } ?? []
        for address in addresses {
            // RFC 5280, section 4.1.2.6: the address is also an rfc822Name. The attribute alone is for old
            // software.
            guard let text = address.value.text, names.contains(where: { isSame($0, text) }) else {
                return "has an emailAddress that is no rfc822Name among the alternative names"
            }
        }
        return nil
    }

    /// RFC 5280, section 7.5: the local part is compared as written, the host without regard to case.
    private static func isSame(_ name: GeneralName, _ text: String) -> Bool {
        guard case .rfc822Name(let mailbox) = name else { return false }
        let (one, other) = (NameSyntax.domain(ofMailbox: mailbox), NameSyntax.domain(ofMailbox: text))
        return mailbox.utf8[..<one.startIndex].elementsEqual(text.utf8[..<other.startIndex])
            && asciiLowercased(one) == asciiLowercased(other)
    }
}
