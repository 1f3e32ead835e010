import PKCS11
import Testing
import TokenProtocol

@testable import TokenAccess

struct KeyFamilyTests {
    @Test(arguments: KeyKind.allCases)
    func `a key's public template names the kind it is recognized as`(_ kind: KeyKind) {
        let family = kind.algorithm
        let template = StrictTemplate(kind: kind, profile: .standard).publicKey(identifier: [1], label: "x")
        if let parameters = template.first(where: { $0.type == .ecParameters }) {
            #expect(family.kinds(parameters.value.encoded, .standard) == [kind])
        } else {
            let modulus = [UInt8](repeating: 0xFF, count: (kind.modulusBits ?? 0) / 8)
            #expect(family.kinds([0] + modulus, .standard).contains(kind))
        }
        #expect(KeyKind.Family.algorithms.contains { $0 == family })
    }

    @Test(arguments: KeyKind.allCases)
    func `a key signs only with mechanisms of its family`(_ kind: KeyKind) {
        let family = kind.algorithm
        #expect(family.mechanisms.contains(family.signingMechanism(kind)))
        #expect(family.mechanisms.contains(family.generationMechanism(.standard)))
        for scheme in SignatureScheme.allCases where scheme.fits(kind) {
            #expect(family.mechanism(kind, scheme).type == family.signingMechanism(kind))
        }
    }

    @Test func `only PKCS 1 version 1 dot 5 wraps the digest`() {
        let digest = [UInt8](repeating: 7, count: 32)
        for kind in KeyKind.allCases where SignatureScheme.sha256.fits(kind) {
            let input = kind.algorithm.input(digest, kind, .sha256)
            #expect((input == digest) == (kind.family != .rsaPKCS1), "\(kind)")
            #expect(input.suffix(32) == digest[...])
        }
    }
}
