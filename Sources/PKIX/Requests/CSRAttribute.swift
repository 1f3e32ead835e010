internal import SwiftASN1

/// The attributes of a certification request (RFC 2986, section 4.1).
struct CSRAttribute {
    let type: ASN1ObjectIdentifier
    /// DER of each value.
    let values: [DERElements.Element]

    /// RFC 2985, section 5.4.2.
    static let extensionRequest: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 14]
    /// szOID_CERT_EXTENSIONS of Microsoft's CryptoAPI, which its older tools write instead of
    /// ``extensionRequest``.
    static let certExtensions: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 2, 1, 14]
    static let extensionRequests: Set<ASN1ObjectIdentifier> = [extensionRequest, certExtensions]

    /// The maximum number of attributes, more than four times what any tool writes. Unused attributes are
    /// named in the log.
    static let most = 32

    /// The name and the dotted decimal.
    static func name(_ type: ASN1ObjectIdentifier) -> String {
        names[type].map { "\($0) (\(type.dotted))" } ?? type.dotted
    }

    private static let names: [ASN1ObjectIdentifier: String] = [
        extensionRequest: "extensionRequest", certExtensions: "szOID_CERT_EXTENSIONS",
        [1, 2, 840, 113549, 1, 9, 2]: "unstructuredName",
        [1, 2, 840, 113549, 1, 9, 7]: "challengePassword",
        [1, 2, 840, 113549, 1, 9, 8]: "unstructuredAddress",
        [1, 2, 840, 113549, 1, 9, 13]: "signingDescription",
        [1, 3, 6, 1, 4, 1, 311, 13, 2, 1]: "szOID_ENROLLMENT_NAME_VALUE_PAIR",
        [1, 3, 6, 1, 4, 1, 311, 13, 2, 2]: "szOID_ENROLLMENT_CSP_PROVIDER",
        [1, 3, 6, 1, 4, 1, 311, 13, 2, 3]: "szOID_OS_VERSION",
        [1, 3, 6, 1, 4, 1, 311, 21, 20]: "szOID_REQUEST_CLIENT_INFO",
    ]

    /// All attributes of a request. Throws when a type is repeated.
    /// - Parameter field: the attributes field, whose encoding a parser checks before or after
    static func all(in field: DERElements.Element) throws(CertificationRequestError) -> [CSRAttribute] {
        var attributes: [CSRAttribute] = []
        for element in DERElements(field.contents) {
            guard attributes.count < most else { throw .attributes("there are more than \(most)") }
            var parts = DERElements(element.contents)
            let number = attributes.count + 1
            if let type = DERElements(element.contents).first(where: { _ in true }),
                type.tag == IdentifierOctet.objectIdentifier,
                let problem = DERLeaves.objectIdentifierProblem(type.contents)
            {
                throw .attributes("the type of attribute \(number): \(problem)")
            }
            guard element.tag == IdentifierOctet.sequence, let first = parts.next(), let set = parts.next(),
                set.tag == IdentifierOctet.set, parts.next() == nil,
                let type = try? ASN1ObjectIdentifier(derEncoded: first.encoded)
            else { throw .attributes("attribute \(number) is not a type and a SET of values") }
            // RFC 2986, section 4.1, and X.501, section 8.2: a type occurs once. Readers differ in which of
            // two they see.
            guard !attributes.contains(where: { $0.type == type }) else {
                throw .attributes("\(name(type)) is there twice")
            }
            attributes.append(CSRAttribute(type: type, values: Array(DERElements(set.contents))))
        }
        return attributes
    }
}

extension [CSRAttribute] {
    /// The attribute that requests extensions; nil when there is none.
    func extensionRequest() throws(CertificationRequestError) -> CSRAttribute? {
        let requests = filter { CSRAttribute.extensionRequests.contains($0.type) }
        guard requests.count < 2 else {
            throw .attributes(
                "both \(requests.map { CSRAttribute.name($0.type) }.joined(separator: " and ")) are there")
        }
        guard let request = requests.first else { return nil }
        // RFC 2985, section 5.4.2: SINGLE VALUE TRUE.
        guard request.values.count == 1 else {
            throw .attributes(
                "\(CSRAttribute.name(request.type)) has \(request.values.count) values and not one")
        }
        // RFC 5280, section 4.1: Extensions is a SEQUENCE OF Extension.
        guard request.values[0].tag == IdentifierOctet.sequence else {
            throw .attributes(
                "the value of \(CSRAttribute.name(request.type)) is \(DERTag(rawValue: request.values[0].tag).name) and not "
                    + "the SEQUENCE of extensions that it must be")
        }
        return request
    }

    /// The names of the attributes that do not request extensions. Their values are left out, because a
    /// challengePassword is a secret.
    var unused: [String] {
        filter { !CSRAttribute.extensionRequests.contains($0.type) }.map { CSRAttribute.name($0.type) }
    }
}
