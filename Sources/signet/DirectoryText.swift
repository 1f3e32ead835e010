internal import PKIX
internal import SwiftASN1
internal import VisibleText
internal import WireAPI

/// Reads the beginning of a directory name as an operator writes it. Order matters in name constraints: the
/// name `C=SE, O=Example` is below `C=SE` and not below `O=Example`.
enum DirectoryText {
    /// Either RFC 4514, the last attribute first: `O=Example,C=SE`; or with slashes, from the beginning of
    /// the name: `/C=SE/O=Example`. Both take any attribute in any order, by short name or dotted decimal.
    static func parse(_ text: String) throws -> ASN1Subject {
        let hasSlashes = text.utf8.first == UInt8(ascii: "/")
        let pairs =
            hasSlashes
            ? try SubjectText.pairs(String(text.dropFirst()), separator: "/")
            : try SubjectText.pairs(text, separator: ",")
        let written = try pairs.map { pair -> (type: ASN1ObjectIdentifier, value: String) in
            guard let type = AttributeName.type(pair.name) else {
                throw CommandFailure(
                    message: "the attribute `\(pair.name)` is not known",
                    hint:
                        "known are \(AttributeName.known.map(\.name).joined(separator: ", ")); others are written as dotted decimals"
                )
            }
            return (type, pair.value)
        }
        let name = hasSlashes ? written : written.reversed()
        if let subject = standard(name) { return subject }
        // Written from the beginning, as OpenSSL prints names: by RFC 4514 it would constrain other names.
        if !hasSlashes, standard(written) != nil {
            let slashes = pairs.map { "/\($0.name)=\($0.value)" }.joined()
            throw CommandFailure(
                message:
                    "`\(text)` is a name that begins with \(pairs.last?.name ?? ""), for the last attribute stands first",
                hint:
                    "write \(slashes) from the beginning of the name on, or the attributes the other way round"
            )
        }
        var subject = ASN1Subject()
        subject.customAttributes = name.map { .init(objectIdentifier: "\($0.type)", value: $0.value) }
        return subject
    }

    /// In the members of the API; nil when the attributes stand in another order than it writes them in.
    private static func standard(_ name: [(type: ASN1ObjectIdentifier, value: String)]) -> ASN1Subject? {
        var subject = ASN1Subject()
        var last = -1
        for attribute in name {
            guard let place = members.firstIndex(where: { $0.type == attribute.type }), place > last else {
                return nil
            }
            subject[keyPath: members[place].member] = attribute.value
            last = place
        }
        return subject
    }

    private static var members: [(type: ASN1ObjectIdentifier, member: WritableKeyPath<ASN1Subject, String?>)]
    {
        [
            ([2, 5, 4, 6], \.country), ([2, 5, 4, 10], \.organization),
            ([2, 5, 4, 11], \.organizationalUnit),
            ([2, 5, 4, 46], \.distinguishedNameQualifier), ([2, 5, 4, 8], \.state),
            ([2, 5, 4, 3], \.commonName),
            ([2, 5, 4, 5], \.serialNumber), ([2, 5, 4, 7], \.locality), ([2, 5, 4, 12], \.title),
            ([2, 5, 4, 4], \.surname), ([2, 5, 4, 42], \.givenName), ([2, 5, 4, 43], \.initials),
            ([2, 5, 4, 65], \.pseudonym), ([2, 5, 4, 44], \.generationQualifier),
        ]
    }
}
