internal import SwiftASN1
internal import X509

/// The name of an element and the shapes of its parts, enough of a standard's ASN.1 module to name the place
/// of a fault.
struct DERShape: Sendable {
    let name: String
    /// The shape of one of its parts, by index.
    let part: @Sendable (_ index: Int, _ parts: [DERElements.Element]) -> DERShape
    /// The rule that the parts break; nil when they break none.
    let problem: @Sendable (_ parts: [DERElements.Element]) -> String?
    /// Whether it is a SET OF, whose tag may be implicit (X.690, section 11.6).
    let isSetOf: Bool

    init(
        _ name: String, isSetOf: Bool = false,
        problem: @escaping @Sendable ([DERElements.Element]) -> String? = { _ in nil },
        part: (@Sendable (Int, [DERElements.Element]) -> DERShape)? = nil
    ) {
        self.name = name
        self.isSetOf = isSetOf
        self.problem = problem
        self.part = part ?? { index, _ in DERShape("element \(index + 1)") }
    }

    /// A SEQUENCE with these fields, all of them required.
    static func fields(
        _ name: String, _ shapes: [DERShape],
        problem: @escaping @Sendable ([DERElements.Element]) -> String? = { _ in nil }
    ) -> DERShape {
        DERShape(
            name, problem: problem,
            part: { index, _ in index < shapes.count ? shapes[index] : DERShape("element \(index + 1)") })
    }
}

extension DERShape {
    // RFC 2986, section 4.
    static let certificationRequest = fields(
        "CertificationRequest",
        [
            fields(
                "certificationRequestInfo",
                [DERShape("version"), .name("subject"), .subjectPublicKeyInfo, .attributes],
                problem: { parts in
                    parts.count == 3
                        ? "the attributes field is missing; without attributes it is `A0 00` (RFC 2986, section 4.1)"
                        : count(parts, 4)
                }),
            DERShape("signatureAlgorithm"), DERShape("signature"),
        ], problem: { count($0, 3) })

    // RFC 5280, section 4.1.
    static let certificate = fields(
        "Certificate", [.tbsCertificate, DERShape("signatureAlgorithm"), DERShape("signatureValue")],
        problem: { count($0, 3) })

    private static let tbsCertificate = DERShape(
        "tbsCertificate",
        problem: { parts in
            // RFC 5280, section 4.1: version DEFAULT v1, which X.690, section 11.5, leaves out.
            guard let first = parts.first, first.tag == IdentifierOctet.contextSpecific(0) else { return nil }
            return first.contents.elementsEqual([IdentifierOctet.integer, 1, 0])
                ? "version 1 is encoded, which is the DEFAULT (X.690, section 11.5)" : nil
        },
        part: { index, parts in
            let isVersioned = parts.first?.tag == IdentifierOctet.contextSpecific(0)
            let place = isVersioned ? index : index + 1
            switch place {
            case 0: return DERShape("version")
            case 1: return DERShape("serialNumber")
            case 2: return DERShape("signature")
            case 3: return .name("issuer")
            case 4: return fields("validity", [DERShape("notBefore"), DERShape("notAfter")])
            case 5: return .name("subject")
            case 6: return .subjectPublicKeyInfo
            default:
                guard parts[index].tag == IdentifierOctet.contextSpecific(3) else {
                    return DERShape("unique identifier")
                }
                return DERShape("extensions field", part: { _, _ in .extensions })
            }
        })

    // RFC 5280, section 4.1.2.7.
    private static let subjectPublicKeyInfo = fields(
        "subjectPublicKeyInfo", [DERShape("algorithm"), DERShape("subjectPublicKey")],
        problem: { parts in
            guard let algorithm = parts.first else { return nil }
            let fields = Array(DERElements(algorithm.contents))
            guard let oid = fields.first.flatMap({ try? ASN1ObjectIdentifier(derEncoded: $0.encoded) }),
                oid == .rsaEncryption, fields.count != 2 || fields[1].tag != IdentifierOctet.null
            else { return nil }
            return "rsaEncryption without NULL parameters (RFC 3279, section 2.3.1)"
        })

    // RFC 5280, section 4.1.2.4.
    private static func name(_ name: String) -> DERShape {
        DERShape(
            name,
            problem: { sets in
                sets.firstIndex { $0.tag != IdentifierOctet.set }.map { "RDN \($0 + 1) is no SET" }
            },
            part: { index, _ in
                DERShape(
                    "RDN \(index + 1)", isSetOf: true,
                    part: { index, _ in
                        DERShape(
                            "attribute \(index + 1)",
                            problem: { parts in
                                guard parts.first?.tag == IdentifierOctet.objectIdentifier else {
                                    return "it does not begin with an object identifier"
                                }
                                return count(parts, 2)
                            },
                            part: { index, _ in DERShape(index == 0 ? "type" : "value") })
                    })
            })
    }

    // RFC 2986, section 4.1: SET OF Attribute, IMPLICIT.
    private static let attributes = DERShape(
        "attributes", isSetOf: true,
        part: { _, _ in
            DERShape(
                "attribute",
                part: { index, parts in
                    let type = parts.first.flatMap { try? ASN1ObjectIdentifier(derEncoded: $0.encoded) }
                    guard index == 1, let type else { return DERShape("type") }
                    let name = "values of attribute \(CSRAttribute.name(type))"
                    guard CSRAttribute.extensionRequests.contains(type) else {
                        return DERShape(name, isSetOf: true)
                    }
                    return DERShape(name, isSetOf: true, part: { _, _ in .extensions })
                })
        })

    // RFC 5280, section 4.1.2.9.
    private static let extensions = DERShape(
        "extensions",
        problem: { parts in
            var seen: Set<[UInt8]> = []
            for part in parts {
                let fields = Array(DERElements(part.contents))
                guard let type = fields.first, !seen.insert(Array(type.encoded)).inserted else { continue }
                return "the extension \(extensionName(part)) is there twice (RFC 5280, section 4.2)"
            }
            return nil
        },
        part: { index, parts in
            DERShape(
                "extension \(index + 1) (\(extensionName(parts[index])))",
                problem: { fields in
                    let isMarked = fields.count > 1 && fields[1].tag == IdentifierOctet.boolean
                    if isMarked, fields[1].contents.elementsEqual([0]) {
                        return "critical FALSE is encoded, which is the DEFAULT (X.690, section 11.5)"
                    }
                    guard fields.first?.tag == IdentifierOctet.objectIdentifier else {
                        return "it does not begin with an object identifier"
                    }
                    guard fields.count == (isMarked ? 3 : 2) else {
                        return "\(fields.count) elements are there and not \(isMarked ? 3 : 2)"
                    }
                    return fields[fields.count - 1].tag == DERTag.octetString.rawValue
                        ? nil : "its value is no OCTET STRING"
                },
                part: { index, fields in
                    DERShape(index == 0 ? "extnID" : index + 1 == fields.count ? "extnValue" : "critical")
                })
        })

    private static func extensionName(_ element: DERElements.Element) -> String {
        guard let type = DERElements(element.contents).first(where: { _ in true }),
            let oid = try? ASN1ObjectIdentifier(derEncoded: type.encoded)
        else { return "without a type" }
        let name = ExtensionText.name(oid)
        return name == oid.dotted ? name : "\(name), \(oid.dotted)"
    }

    private static func count(_ parts: [DERElements.Element], _ expected: Int) -> String? {
        parts.count == expected ? nil : "\(parts.count) elements are there and not \(expected)"
    }
}
