import SwiftASN1
import Testing

@testable import PKIX

struct DERElementsTests {
    @Test(arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536])
    func `an element is encoded as by SwiftASN1, and decoded again`(_ count: Int) throws {
        let contents = [UInt8](repeating: 0x5A, count: count)
        let encoded = DERElements.encoded(tag: 0x04, contents: contents)
        var serializer = DER.Serializer()
        try serializer.serialize(ASN1OctetString(contentBytes: contents[...]))
        #expect(encoded == serializer.serializedBytes)
        let read = Array(DERElements(encoded[...]))
        #expect(read.map(\.tag) == [0x04])
        #expect(read.map { Array($0.contents) } == [contents])
    }
}
