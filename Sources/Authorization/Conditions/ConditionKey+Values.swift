/// The possible values of a condition key, as far as they are known without a request.
enum ConditionValues: Sendable {
    case names([String])
    case booleans([Bool])
    /// Whole numbers, with or without an end.
    case numbers(from: Int64, to: Int64? = nil)
    case moments
    /// A grammar, its description for the text "its values are …", and the maximum number of characters.
    case texts(Grammar, String, most: Int? = nil)
    /// Any text, such as the value of a tag.
    case open

    /// The grammar of the values as texts.
    var grammar: Grammar {
        switch self {
        case .names(let names): .oneOf(names)
        case .booleans(let flags): .oneOf(flags.map { "\($0)" })
        case .numbers: .decimal
        case .moments: .some(OctetSet("0123456789-T:Z".utf8))
        case .texts(let grammar, _, _): grammar
        case .open: .anything
        }
    }

    /// A description for the text "its values are …".
    var description: String {
        switch self {
        case .names(let names): names.joined(separator: ", ")
        case .booleans(let flags): flags.map { "\($0)" }.joined(separator: ", ")
        case .numbers(let from, let to): "whole numbers from \(from)\(to.map { " to \($0)" } ?? "")"
        case .moments: "times such as 2026-01-31T00:00:00Z"
        case .texts(_, let description, let most):
            description + (most.map { ", of at most \($0) characters" } ?? "")
        case .open: "texts"
        }
    }
}

extension Grammar {
    /// Numbers as in requests: without a sign and leading zeros.
    fileprivate static let decimal = choice([
        .text("0"), .sequence([.octet(OctetSet("123456789".utf8)), .any(.octet(.digits))]),
    ])

    fileprivate static let account = times(12, .digits)
    private static let part = some(OctetSet.visible.subtracting(":"))

    fileprivate static func template(_ partition: String?) -> Grammar {
        let word = OctetSet.letters.union(.digits).union(OctetSet("_-".utf8))
        return .sequence([
            .text("arn:"), partition.map { .text($0) } ?? part, .text(":acm-pca:"),
            // AWS's templates have neither region nor account; custom templates have both.
            .choice([.text(":"), .sequence([part, .text(":"), account])]),
            .text(":template/"), .some(word), .text("/V"), .some(.digits),
        ])
    }

    fileprivate static func principal(_ partition: String?) -> Grammar {
        .sequence([
            .text("arn:"), partition.map { .text($0) } ?? part, .text(":iam::"), account,
            .oneOf([":role/", ":user/"]), .some(.all),
        ])
    }

    /// RFC 1034, section 3.5, with underscores, and in lower case as in requests.
    private static let host: Grammar = {
        let first = OctetSet.lowercase.union(.digits).union(OctetSet("_".utf8))
        let label = sequence([.octet(first), .any(.octet(first.union(OctetSet("-".utf8))))])
        return .sequence([label, .any(.sequence([.text("."), label]))])
    }()

    /// RFC 9525, section 6.3: the first label may be a lone `*`.
    fileprivate static let dnsName = sequence([.optional(.text("*.")), host])
    /// RFC 5321, section 4.1.2.
    fileprivate static let mailbox = sequence([
        .some(OctetSet.visible.subtracting("@")), .text("@"), host,
    ])
    /// RFC 3986, section 3.
    fileprivate static let uri = sequence([
        .octet(.lowercase), .any(.octet(OctetSet.lowercase.union(.digits).union(OctetSet("+-.".utf8)))),
        .text(":"), .some(.visible),
    ])
    fileprivate static let address = some(OctetSet("0123456789abcdef:.".utf8))
    fileprivate static let objectIdentifier = sequence([
        .some(.digits), .some(.sequence([.text("."), .some(.digits)])),
    ])
    fileprivate static let otherName = sequence([
        .choice([objectIdentifier, .oneOf(["x400Address", "ediPartyName"])]), .text(";"),
        .choice([
            .sequence([.text("DER:"), .any(.octet(OctetSet("0123456789abcdef".utf8)))]),
            .sequence([
                .oneOf(["UTF8", "NUMERIC", "PRINTABLE", "T61", "IA5", "VISIBLE", "GENSTR", "UNIV", "BMP"]),
                .text(":"), .anything,
            ]),
        ]),
    ])
    /// systemd.unit(5): the types that have a control group and are no slice.
    fileprivate static let unit = sequence([
        .some(.visible), .oneOf([".service", ".scope", ".mount", ".swap", ".socket"]),
    ])
    fileprivate static let path = sequence([.text("/"), .anything])
    /// AWS Organizations API reference, Organization: `o-[a-z0-9]{10,32}`.
    fileprivate static let organization = sequence([
        .text("o-"), .times(10, OctetSet.lowercase.union(.digits)),
        .any(.octet(OctetSet.lowercase.union(.digits))),
    ])
}

extension ConditionValues {
    static let accounts = texts(.account, "accounts, with 12 digits")
    static let keyAlgorithms = names([
        "RSA_2048", "RSA_3072", "RSA_4096", "RSA", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "ED25519",
    ])
    static let principalTypes = names(["User", "AssumedRole"])
    static let organizations = texts(.organization, "ids such as o-a1b2c3d4e5")
    static let dnsNames = texts(
        .dnsName, "DNS names such as www.example.com, with A-labels (xn--…) for other letters")
    static let addresses = texts(.address, "IP addresses")
    static let mailboxes = texts(.mailbox, "email addresses such as anna@example.com")
    static let uris = texts(.uri, "URIs such as https://www.example.com/a")
    static let objectIdentifiers = texts(.objectIdentifier, "object identifiers such as 1.3.6.1.4.1.99999.1")
    static let otherNames = texts(
        .otherName,
        "a type, a semicolon, a tag and a value, such as 1.3.6.1.4.1.311.20.2.3;UTF8:alice@ad.example, with the tags UTF8, IA5, PRINTABLE, NUMERIC, T61, VISIBLE, GENSTR, UNIV, BMP and DER"
    )
    static let countries = texts(.times(2, .letters), "two letters such as SE")
    static let units = texts(.unit, "units such as issuer.service")
    static let paths = texts(.path, "absolute paths such as /usr/bin/issuer")

    /// - Parameter most: characters (RFC 5280, appendix A.1)
    static func attributes(most: Int) -> Self { texts(.some(.all), "texts", most: most) }

    static func templates(in partition: String?) -> Self {
        texts(
            .template(partition),
            "ARNs such as arn:\(partition ?? "aws"):acm-pca:::template/EndEntityCertificate/V1")
    }

    static func principals(in partition: String?) -> Self {
        texts(.principal(partition), "ARNs such as arn:\(partition ?? "aws"):iam::000000000000:role/issuer")
    }
}
