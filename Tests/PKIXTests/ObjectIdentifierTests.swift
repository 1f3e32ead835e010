import PKIX
import SwiftASN1
import Testing

struct ObjectIdentifierTests {
    @Test(arguments: [
        "0.0", "1.39", "2.999", "2.5.4.3", "1.3.6.1.4.1.99999.1", "1.2.4294967296", "2.100000.1",
    ])
    func `an object identifier is parsed and written again`(_ text: String) throws {
        let oid = try #require(ASN1ObjectIdentifier(dotted: text))
        #expect(oid.dotted == text)
        var serializer = DER.Serializer()
        try serializer.serialize(oid)
        #expect(try ASN1ObjectIdentifier(derEncoded: serializer.serializedBytes) == oid)
    }

    /// Arcs that the library parses, but that end the process when the library writes them.
    @Test(arguments: [
        "", "1", "1.", ".1", "1..2", "3.1", "1.40", "0.40", "1.2.9223372036854775808",
        "9999999999999999999.5",
        "1.2.18446744073709551616", "2.18446744073709551615", "1.02", "1.2.-1", "1.2.+1", "1.2. 3",
        "1.2.3\u{301}",
        "1.2.x", "\u{661}.2", "1.2" + String(repeating: ".4611686018427387", count: 20),
    ])
    func `malformed object identifiers are refused`(_ text: String) {
        #expect(ASN1ObjectIdentifier(dotted: text) == nil)
    }
}
