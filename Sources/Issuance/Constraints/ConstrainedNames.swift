internal import PKIX
internal import SwiftASN1
internal import X509

/// A name prepared once for the comparison with all subtrees.
struct ConstrainedName {
    enum Value {
        /// Of an address, or of a DNS name in lower case.
        case octets([UInt8])
        case mailbox(String)
        /// The host of a URI in lower case; nil when it has none.
        case host([UInt8]?)
        /// Nil when it cannot be compared.
        case directory(ComparableName?)
        case undefined
    }

    let form: NameForm
    let value: Value
    private let name: GeneralName

    var text: String { name.text }

    init(_ name: GeneralName) {
        self.name = name
        form = NameForm(name)
        value =
            switch name {
            case .dnsName(let text): .octets(asciiLowercased(text.utf8))
            case .ipAddress(let octets): .octets(Array(octets.bytes))
            case .rfc822Name(let text): .mailbox(text)
            case .uniformResourceIdentifier(let text):
                .host(URISyntax.host(of: text).map { asciiLowercased($0.utf8) })
            case .directoryName(let name): .directory(ComparableName(name))
            case .otherName, .registeredID, .x400Address, .ediPartyName: .undefined
            }
    }
}

/// The names of a certificate that constraints apply to: its alternative names, its subject as a directory
/// name, and the names that relying parties read from the subject, which are an email address (OpenSSL always
/// reads it) and a host in the common name. An SmtpUTF8Mailbox is a mailbox (RFC 9598, section 6).
struct ConstrainedNames {
    let names: [ConstrainedName]
    let commonNames: [(name: CommonNameForm, text: String)]
    /// Whether a DNS name is among them. OpenSSL, GnuTLS and Java then ignore common names. An IP address has
    /// no such effect.
    let hasDNSName: Bool
    private let alternativeNames: [GeneralName]

    init(
        subject: DistinguishedName, alternativeNames: [GeneralName], areCommonNamesStrict: Bool = true
    ) {
        var names = alternativeNames.map { ConstrainedName($0) }
        var commonNames: [(CommonNameForm, String)] = []
        if !subject.hasNoAttribute { names.append(ConstrainedName(.directoryName(subject))) }
        for relativeName in subject {
            for attribute in relativeName {
                if attribute.type == .RDNAttributeType.emailAddress {
                    // A value that is not text is in no permitted subtree.
                    names.append(ConstrainedName(.rfc822Name(attribute.value.text ?? "")))
                } else if attribute.type == .RDNAttributeType.commonName {
                    commonNames.append(
                        (CommonNameForm(attribute.value.text), attribute.value.textOrHexadecimal))
                }
            }
        }
        for case .otherName(let name) in alternativeNames where name.typeID == .smtpUTF8Mailbox {
            let text = name.value.flatMap { OtherNameSyntax.text($0) }?.text
            names.append(ConstrainedName(.rfc822Name(text ?? "")))
        }
        self.names = names
        self.commonNames = commonNames
        self.alternativeNames = alternativeNames
        hasDNSName = alternativeNames.contains { if case .dnsName = $0 { true } else { false } }
    }

    var count: Int { names.count + commonNames.count }

    /// Whether the text is an alternative name, octet for octet.
    func isAlternativeName(_ text: String) -> Bool {
        alternativeNames.contains { name in
            switch name {
            case .rfc822Name(let own), .uniformResourceIdentifier(let own): own.utf8.elementsEqual(text.utf8)
            default: false
            }
        }
    }
}
