import Testing
import TokenProtocol

/// Case 10 of `Tests/Cases`, and similar ones: characters that p11-kit would drop or misread are refused
/// before p11-kit sees them.
struct TokenURISyntaxTests {
    @Test(arguments: [
        "pkcs11:token=My CA", "pkcs11:token= MyCA", "pkcs11:token=MyCA ", "pkcs11: token=MyCA",
        "pkcs11:tok en=MyCA", "pkcs11:token=My\tCA", "pkcs11:token=MyCA\n", "pkcs11:token=My\r\nCA",
        "pkcs11:token=My\u{0B}CA", "pkcs11:token=My\u{0C}CA", "pkcs11:token=My\0CA",
        "pkcs11:token=My\u{7F}CA",
        "pkcs11:token=My\u{A0}CA", "pkcs11:token=MyCA\u{301}", "pkcs11:token=My\u{200B}CA",
        "pkcs11:token=\"MyCA\"", "pkcs11:token=<MyCA>", "pkcs11:token=My\\CA", "pkcs11:token=My^CA",
        "pkcs11:token=My`CA", "pkcs11:token={MyCA}", "pkcs11:token=My|CA", "pkcs11:token=MyCA#x",
        "pkcs11:token=MyCA;serial=1 2", "pkcs11:token=MyCA?module-name=a b",
    ])
    func `a character that URIs do not allow is refused`(_ uri: String) {
        let error = #expect(throws: TokenURISyntaxError.self) { try TokenURISyntax(uri) }
        guard case .octet? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("RFC 3986") == true)
    }

    @Test(arguments: [
        "pkcs11:token=%", "pkcs11:token=%2", "pkcs11:token=a%2g", "pkcs11:token=%+1", "pkcs11:token=%%20",
    ])
    func `a malformed escape is refused`(_ uri: String) {
        let error = #expect(throws: TokenURISyntaxError.self) { try TokenURISyntax(uri) }
        guard case .escape? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `the message gives the place and the correct form`() {
        let error = #expect(throws: TokenURISyntaxError.self) { try TokenURISyntax("pkcs11:token=My CA") }
        #expect(
            error?.description
                == "its octet 16 is a blank, which is no character of a URI (RFC 3986, section 2); write it as `%20`"
        )
    }

    @Test func `attributes are split, and their values decoded`() throws {
        let uri = try TokenURISyntax(
            "pkcs11:token=My%20CA;serial=1a%3b2b;x-own=a=b?pin-source=file:/etc/pin&y=")
        #expect(uri.path.map(\.name) == ["token", "serial", "x-own"])
        #expect(uri.path.map(\.value) == ["My CA", "1a;2b", "a=b"].map { Array($0.utf8) })
        #expect(uri.query.map(\.name) == ["pin-source", "y"])
        #expect(uri.query.map(\.value) == ["file:/etc/pin", ""].map { Array($0.utf8) })
        #expect(try TokenURISyntax("pkcs11:").path.isEmpty)
        #expect(throws: TokenURISyntaxError.scheme) { try TokenURISyntax(" pkcs11:token=a") }
        #expect(throws: TokenURISyntaxError.scheme) { try TokenURISyntax("") }
    }
}
