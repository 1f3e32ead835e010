internal import CPKCS11
public import TokenProtocol

/// Why a PKCS#11 URI does not identify a token.
public enum TokenURIError: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed(String)
    case syntax(TokenURISyntaxError)
    case underSpecified(String)
    case duplicate(String)
    case notOfToken(String)
    case holdsSecret(String)

    public var description: String {
        switch self {
        case .malformed(let uri):
            "`\(uri)` is not a PKCS#11 URI for a token (RFC 7512), such as `pkcs11:token=issuing;serial=1a2b`"
        case .syntax(let error):
            "the token's PKCS#11 URI cannot be used: \(error)"
        case .underSpecified(let uri):
            "the PKCS#11 URI `\(uri)` names neither `token` nor `serial`, so it could match any token"
        case .duplicate(let attribute):
            "the PKCS#11 URI has more than one `\(attribute)` attribute (RFC 7512, section 2.3), so it does not name one token"
        case .notOfToken(let attribute):
            "the PKCS#11 URI has a `\(attribute)` attribute, which says nothing of a token; `token`, `serial`, `manufacturer` and `model` do"
        case .holdsSecret(let attribute):
            "the PKCS#11 URI has a `\(attribute)` attribute; the PIN source is configured on its own, never in the URI"
        }
    }
}

/// An RFC 7512 URI that identifies a token by at least its label or its serial number.
public struct TokenURI: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// Parses with p11-kit. Throws for unknown attributes, for object attributes and for any attribute with a
    /// PIN.
    public init(_ text: String) throws(TokenURIError) {
        let syntax: TokenURISyntax
        do { syntax = try TokenURISyntax(text) } catch {
            guard case .scheme = error else { throw .syntax(error) }
            throw .malformed(text)
        }
        // p11-kit uses the last of repeated attributes.
        let names = (syntax.path + syntax.query).map(\.name)
        if let attribute = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw .duplicate(attribute)
        }
        guard let uri = unsafe p11_kit_uri_new() else { throw .malformed(text) }
        defer { unsafe p11_kit_uri_free(uri) }
        // All kinds of attributes are parsed, so that object and PIN attributes are refused and not skipped.
        guard unsafe p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri) == 0,
            unsafe p11_kit_uri_any_unrecognized(uri) == 0
        else { throw .malformed(text) }
        // RFC 7512, section 2.4: `pin-value` is the PIN itself; `pin-source` may run commands on some
        // systems.
        if unsafe p11_kit_uri_get_pin_value(uri) != nil { throw .holdsSecret("pin-value") }
        if unsafe p11_kit_uri_get_pin_source(uri) != nil { throw .holdsSecret("pin-source") }
        var attributes: CK_ULONG = 0
        _ = unsafe p11_kit_uri_get_attributes(uri, &attributes)
        guard attributes == 0 else { throw .malformed(text) }
        // p11-kit supports attributes that Signet does not: the slot, the library and the module.
        if let attribute = names.first(where: { !["token", "serial", "manufacturer", "model"].contains($0) })
        {
            throw .notOfToken(attribute)
        }
        guard let info = unsafe p11_kit_uri_get_token_info(uri) else { throw .malformed(text) }
        let hasLabel = unsafe info.pointee.label.0 != 0
        let hasSerial = unsafe info.pointee.serialNumber.0 != 0
        guard hasLabel || hasSerial else { throw .underSpecified(text) }
        description = text
    }

    /// The slots of `module` whose token this URI matches.
    public func matchingSlots(in module: Module) throws(PKCS11Error) -> [(slot: Slot, token: TokenInfo)] {
        var found: [(slot: Slot, token: TokenInfo)] = []
        for slot in try module.slotsWithToken() {
            var info = CK_TOKEN_INFO()
            let rv = unsafe signet_C_GetTokenInfo(module.functions, CK_SLOT_ID(slot.identifier), &info)
            // A slot is skipped if its token was removed since the list was made, or does not match.
            guard ReturnValue(rawValue: UInt(rv)) == .ok, matches(info) else { continue }
            found.append((slot, TokenInfo(info)))
        }
        return found
    }

    private func matches(_ info: CK_TOKEN_INFO) -> Bool {
        guard let uri = unsafe p11_kit_uri_new() else { return false }
        defer { unsafe p11_kit_uri_free(uri) }
        guard unsafe p11_kit_uri_parse(description, P11_KIT_URI_FOR_ANY, uri) == 0 else { return false }
        var info = info
        return unsafe p11_kit_uri_match_token_info(uri, &info) == 1
    }
}
