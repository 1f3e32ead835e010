internal import PKIX
internal import SwiftASN1
internal import X509

/// The syntax of otherName values (RFC 5280, section 4.2.1.6): present, and with valid strings.
enum OtherNameSyntax {
    /// The fault of the value, completing a sentence; nil when it is valid.
    static func problem(_ name: GeneralName.OtherName) -> String? {
        // RFC 5280, section 4.2.1.6: the value is not optional.
        guard let value = name.value else { return "of type \(name.typeID) without a value" }
        if let type = stringTypes[name.typeID] {
            guard let (string, contents) = characterString(value), string == type else {
                return "of type \(name.typeID) that is not a \(type.name)"
            }
            if contents.isEmpty { return "of type \(name.typeID) that is empty" }
        }
        if let problem = problem(inStringsOf: value) { return "of type \(name.typeID) \(problem)" }
        if let fault = fault(value, of: name.typeID) {
            return "of type \(name.typeID) that is malformed: \(fault)"
        }
        if name.typeID == .serviceName, let (_, contents) = characterString(value), !isServiceName(contents) {
            return "of type \(name.typeID) that is not `_service.domain` (RFC 4985, section 2)"
        }
        guard name.typeID == .smtpUTF8Mailbox, let (string, contents) = characterString(value),
            let text = string.text(contents)
        else { return nil }
        return smtpUTF8Problem(text).map { "of type \(name.typeID) \($0)" }
    }

    private static func fault(_ value: ASN1Any, of type: ASN1ObjectIdentifier) -> SyntaxFault? {
        var serializer = DER.Serializer()
        // A parsed value can always be encoded.
        try? serializer.serialize(value)
        do { try OtherNameValue.check(serializer.serializedBytes[...], of: type) } catch { return error }
        return nil
    }

    /// RFC 4985, section 2: `_Service.Name`, the name of a service after an underscore (RFC 6335, section
    /// 5.1) and a domain name.
    private static func isServiceName(_ contents: ArraySlice<UInt8>) -> Bool {
        let text = Substring(decoding: contents, as: UTF8.self).utf8
        guard text.first == UInt8(ascii: "_"), let dot = text.firstIndex(of: UInt8(ascii: ".")) else {
            return false
        }
        let service = text[..<dot].dropFirst()
        let name = text[dot...].dropFirst()
        return service.first != UInt8(ascii: "_") && NameSyntax.isLabel(service)
            && name.first != UInt8(ascii: "*") && NameSyntax.isDNSName(name)
    }

    /// The fault of a string in a value, at any depth.
    static func problem(inStringsOf value: ASN1Any) -> String? {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(value)) != nil,
            let node = try? DER.parse(serializer.serializedBytes)
        else { return "whose value is not DER" }
        return problem(node)
    }

    /// The text of a value that is a single string; nil for any other value.
    static func text(_ value: ASN1Any) -> (type: CharacterString, text: String)? {
        guard let (string, contents) = characterString(value), let text = string.text(contents) else {
            return nil
        }
        return (string, text)
    }

    // The parser limits the depth.
    private static func problem(_ node: ASN1Node) -> String? {
        switch node.content {
        case .constructed(let nodes): return nodes.lazy.compactMap { problem($0) }.first
        case .primitive(let contents):
            guard node.identifier.tagClass == .universal,
                let type = UInt8(exactly: node.identifier.tagNumber).flatMap(CharacterString.init(rawValue:))
            else { return nil }
            let reading = type.read(contents)
            if let octet = reading.misfit { return "with a \(type.name) that is none at its octet \(octet)" }
            return reading.hidden.map { "with the character \($0.codePoint), which no name may hold" }
        }
    }

    private static func characterString(_ value: ASN1Any) -> (CharacterString, ArraySlice<UInt8>)? {
        var serializer = DER.Serializer()
        try? serializer.serialize(value)
        var elements = DERElements(serializer.serializedBytes[...])
        guard let element = elements.next(), let type = CharacterString(rawValue: element.tag) else {
            return nil
        }
        return (type, element.contents)
    }

    /// RFC 9598, section 3: rfc822Name where the local part is ASCII, and a domain of A-labels.
    private static func smtpUTF8Problem(_ text: String) -> String? {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")), at != text.utf8.startIndex,
            !text.utf8[..<at].contains(UInt8(ascii: "@")), !text.utf8[..<at].contains(UInt8(ascii: "\"")),
            !text.utf8[..<at].contains(0x20)
        else { return "that is no mailbox (RFC 9598, section 3)" }
        guard text.utf8[..<at].contains(where: { $0 >= 0x80 }) else {
            return "whose local part is ASCII: it is an rfc822Name (RFC 9598, section 3)"
        }
        guard isDotString(text.utf8[..<at]) else {
            return "whose local part is no Dot-string (RFC 6531, section 3.3)"
        }
        let domain = NameSyntax.domain(ofMailbox: text)
        guard domain.first != UInt8(ascii: "*"), NameSyntax.isDNSName(domain) else {
            return "whose domain is not one of LDH labels and A-labels (RFC 9598, section 3)"
        }
        // RFC 9598, section 3: domains are compared octet by octet.
        if domain.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) {
            return "whose domain has a capital letter (RFC 9598, section 3)"
        }
        return NameSyntax.aLabelProblem(domain).map { "whose domain \($0)" }
    }

    /// RFC 5321, section 4.1.2, with RFC 6531, section 3.3: atoms with single dots between them; every
    /// character beyond ASCII is allowed in an atom.
    private static func isDotString(_ text: Substring.UTF8View) -> Bool {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy {
                    $0 >= 0x80 || NameSyntax.isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
                }
        }
    }

    private static let stringTypes: [ASN1ObjectIdentifier: CharacterString] = [
        .userPrincipalName: .utf8String, .smtpUTF8Mailbox: .utf8String,
        // id-on-xmppAddr (RFC 6120, section 13.7.1.4), id-on-dnsSRV (RFC 4985, section 2), id-on-naiRealm
        // (RFC 7585, 2.2)
        [1, 3, 6, 1, 5, 5, 7, 8, 5]: .utf8String, .serviceName: .ia5String,
        [1, 3, 6, 1, 5, 5, 7, 8, 8]: .utf8String,
    ]
}

extension ASN1ObjectIdentifier {
    /// Microsoft's szOID_NT_PRINCIPAL_NAME.
    static let userPrincipalName: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 20, 2, 3]
    /// id-on-dnsSRV (RFC 4985, section 2)
    static let serviceName: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 8, 7]
    /// RFC 9598, section 3.
    static let smtpUTF8Mailbox: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 8, 9]
}
