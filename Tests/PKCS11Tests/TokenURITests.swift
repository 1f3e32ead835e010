import PKCS11
import Testing

struct TokenURITests {
    struct Case: Sendable, CustomTestStringConvertible {
        let uri: String
        let message: String
        var testDescription: String { uri }
    }

    static let refused = [
        Case(uri: "", message: "is not a PKCS#11 URI"), Case(uri: "token=a", message: "is not a PKCS#11 URI"),
        Case(uri: "pkcs11:", message: "names neither `token` nor `serial`"),
        Case(uri: "pkcs11:model=m", message: "names neither `token` nor `serial`"),
        Case(uri: "pkcs11:manufacturer=m", message: "names neither `token` nor `serial`"),
        Case(uri: "pkcs11:token=a;token=b", message: "more than one `token`"),
        Case(uri: "pkcs11:token=a;serial=1;serial=1", message: "more than one `serial`"),
        Case(uri: "pkcs11:token=a;slot-id=1", message: "`slot-id` attribute, which says nothing of a token"),
        Case(uri: "pkcs11:token=a;library-version=1", message: "`library-version` attribute"),
        Case(uri: "pkcs11:token=a?module-name=m", message: "`module-name` attribute"),
        Case(uri: "pkcs11:token=a?pin-value=1234", message: "has a `pin-value` attribute"),
        Case(uri: "pkcs11:token=a?pin-source=file:/pin", message: "has a `pin-source` attribute"),
        Case(uri: "pkcs11:token=a;object=o", message: "is not a PKCS#11 URI for a token"),
        Case(uri: "pkcs11:token=a;type=private", message: "is not a PKCS#11 URI for a token"),
        Case(uri: "pkcs11:token=a;x-own=1", message: "is not a PKCS#11 URI for a token"),
        Case(uri: "pkcs11:token=a b", message: "write it as `%20`"),
        Case(uri: "pkcs11:token=a%2", message: "the token's PKCS#11 URI cannot be used"),
    ]

    @Test(arguments: refused)
    func `a URI that does not select exactly one token is refused`(_ value: Case) {
        let error = #expect(throws: TokenURIError.self) { try TokenURI(value.uri) }
        #expect(error?.description.contains(value.message) == true, "\(String(describing: error))")
        #expect(error?.description.contains("1234") == false)
    }

    @Test(arguments: [
        "pkcs11:token=a", "pkcs11:serial=1", "pkcs11:token=a%20b;serial=1;manufacturer=m;model=o",
    ])
    func `a URI with a label or a serial number is used literally`(_ uri: String) throws {
        #expect(try TokenURI(uri).description == uri)
    }
}
