import PKIX
import Testing

struct AlgorithmTests {
    /// RFC 5758, section 3.2, and RFC 4055, section 5, as DER.
    static let identifiers: [(SigningAlgorithm, String)] = [
        (.sha256WithECDSA, "300A06082A8648CE3D040302"),
        (.sha384WithECDSA, "300A06082A8648CE3D040303"),
        (.sha512WithECDSA, "300A06082A8648CE3D040304"),
        (.sha256WithRSA, "300D06092A864886F70D01010B0500"),
        (.sha384WithRSA, "300D06092A864886F70D01010C0500"),
        (.sha512WithRSA, "300D06092A864886F70D01010D0500"),
    ]

    @Test(arguments: identifiers)
    func `an algorithm is encoded as its standard requires`(_ algorithm: SigningAlgorithm, _ der: String) {
        let octets = algorithm.algorithmIdentifier.map { octet in
            String(octet >> 4, radix: 16, uppercase: true) + String(octet & 15, radix: 16, uppercase: true)
        }
        #expect(octets.joined() == der)
    }

    @Test func `every algorithm is in that table, and every key algorithm has one`() {
        #expect(Self.identifiers.map(\.0) == SigningAlgorithm.allCases)
        for key in KeyAlgorithm.allCases { #expect(key.signingAlgorithms.count == 3) }
    }
}
