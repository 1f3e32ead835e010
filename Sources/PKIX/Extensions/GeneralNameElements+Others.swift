public import SwiftASN1
internal import X509

/// The names in extensions outside the profile of RFC 5280, section 4.2. A name that is not a GeneralName is
/// given as an equivalent GeneralName, so that the rules for names apply to it.
extension GeneralNameElements {
    typealias Body = (DERElements.Element) -> Void

    /// For each extension, how to find the names in the components of its value.
    static let others: [ASN1ObjectIdentifier: @Sendable (DERElements, Body) -> Void] = [
        // GeneralNames: certificateIssuer (RFC 5280, section 5.3.3), security identifier ([MS-WCCE],
        // 2.2.2.7.7)
        [2, 5, 29, 29]: { names, body in for name in names { body(name) } },
        [1, 3, 6, 1, 4, 1, 311, 25, 2]: { names, body in for name in names { body(name) } },
        // issuingDistributionPoint (RFC 5280, section 5.2.5) has the names of a distribution point.
        [2, 5, 29, 28]: { fields, body in forEach(inPointOf: fields, body) },
        [1, 3, 6, 1, 5, 5, 7, 48, 1, 7]: forEach(inServiceLocatorOf:_:),
        [1, 3, 36, 8, 3, 3]: forEach(inAdmissionOf:_:),
        .X509ExtensionID.qcStatements: forEach(inStatements:_:),
        .X509ExtensionID.subjectDirectoryAttributes: forEach(inAttributes:_:),
        // biometricInfo (RFC 3739, section 3.2.5): sourceDataUri
        [1, 3, 6, 1, 5, 5, 7, 1, 2]: { list, body in for data in list { forEach(uriOf: data, body) } },
        // CrlID (RFC 6960, section 4.4.2): crlUrl [0]
        [1, 3, 6, 1, 5, 5, 7, 48, 1, 3]: { fields, body in for field in fields { forEach(uriOf: field, body) }
        },
    ]

    /// Whether no other rule checks the names in the extension.
    public static func isWithoutOtherRules(_ identifier: ASN1ObjectIdentifier) -> Bool {
        others[identifier] != nil
    }

    /// ServiceLocator (RFC 6960, section 4.4.6): `SEQUENCE { issuer Name, locator AuthorityInfoAccessSyntax
    /// OPTIONAL }`
    @Sendable
    private static func forEach(inServiceLocatorOf fields: DERElements, _ body: Body) {
        for issuer in fields.prefix(1) { visit(directoryName, Array(issuer.encoded), body) }
        for locator in fields.dropFirst() {
            for description in DERElements(locator.contents) {
                for part in DERElements(description.contents).dropFirst() { body(part) }
            }
        }
    }

    /// AdmissionSyntax (Common PKI Optional SigG-Profile 2.0, table 29b).
    @Sendable
    private static func forEach(inAdmissionOf fields: DERElements, _ body: Body) {
        for field in fields {
            // admissionAuthority GeneralName OPTIONAL
            guard field.tag == DERTag.sequence.rawValue else {
                body(field)
                continue
            }
            for part in DERElements(field.contents).flatMap({ DERElements($0.contents) }) {
                switch DERTag(rawValue: part.tag) {
                // admissionAuthority [0]
                case .constructedContext(0): for name in DERElements(part.contents) { body(name) }
                // namingAuthority [1]
                case .constructedContext(1): forEach(inNamingAuthority: part, body)
                // professionInfos, each with a namingAuthority [0]
                default:
                    for info in DERElements(part.contents).flatMap({ DERElements($0.contents) })
                    where info.tag == DERTag.constructedContext(0).rawValue {
                        forEach(inNamingAuthority: info, body)
                    }
                }
            }
        }
    }

    private static func forEach(inNamingAuthority tagged: DERElements.Element, _ body: Body) {
        for authority in DERElements(tagged.contents) { forEach(uriOf: authority, body) }
    }

    /// nameRegistrationAuthorities (RFC 3739, section 3.2.6.1) and the URLs of disclosure statements (ETSI EN
    /// 319 412-5, section 4.3.4).
    @Sendable
    private static func forEach(inStatements statements: DERElements, _ body: Body) {
        for statement in statements {
            var parts = DERElements(statement.contents)
            guard let type = parts.next(), let info = parts.next(),
                let identifier = try? ASN1ObjectIdentifier(derEncoded: Array(type.encoded))
            else { continue }
            for part in DERElements(info.contents) where part.tag == DERTag.sequence.rawValue {
                if identifier == QCStatements.disclosure {
                    forEach(uriOf: part, body)
                } else if QCStatements.semantics.contains(identifier) {
                    for name in DERElements(part.contents) { body(name) }
                }
            }
        }
    }

    /// Attributes whose values are character strings, each as a name of its own.
    @Sendable
    private static func forEach(inAttributes attributes: DERElements, _ body: Body) {
        for attribute in attributes {
            var parts = DERElements(attribute.contents)
            guard let type = parts.next(), let values = parts.next() else { continue }
            for value in DERElements(values.contents) where CharacterString(rawValue: value.tag) != nil {
                visit(
                    relativeName: DERElements.encoded(
                        tag: DERTag.sequence.rawValue, contents: Array(type.encoded + value.encoded)), body)
            }
        }
    }

    /// Calls `body` with the IA5String among the components, which the syntax uses for a URI.
    private static func forEach(uriOf element: DERElements.Element, _ body: Body) {
        for part in DERElements(element.contents) where part.tag == DERTag.ia5String.rawValue {
            visit(uniformResourceIdentifier, Array(part.contents), body)
        }
    }

    /// Calls `body` with a directoryName that has only this relative distinguished name, given by the
    /// contents octets of its SET.
    static func visit(relativeName contents: [UInt8], _ body: Body) {
        let set = DERElements.encoded(tag: DERTag.set.rawValue, contents: contents)
        visit(directoryName, DERElements.encoded(tag: DERTag.sequence.rawValue, contents: set), body)
    }

    private static func visit(_ tag: UInt8, _ contents: [UInt8], _ body: Body) {
        var elements = DERElements(DERElements.encoded(tag: tag, contents: contents)[...])
        if let name = elements.next() { body(name) }
    }
}
