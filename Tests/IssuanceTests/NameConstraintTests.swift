import Crypto
import Foundation
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

struct NameConstraintTests {
    enum Base: Sendable {
        case permitted([GeneralName])
        case excluded([GeneralName])

        var constraints: NameConstraints {
            switch self {
            case .permitted(let names): NameConstraints(permittedSubtrees: names)
            case .excluded(let names): NameConstraints(excludedSubtrees: names)
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let base: Base
        let name: GeneralName
        let isAllowed: Bool
        var testDescription: String { "\(base), \(name.text)" }
    }

    static func ip(_ text: String) -> GeneralName {
        guard let octets = IPAddress.range(text) else { preconditionFailure(text) }
        return .ipAddress(ASN1OctetString(contentBytes: octets[...]))
    }

    static func address(_ text: String) -> GeneralName {
        guard let octets = IPAddress.octets(text) else { preconditionFailure(text) }
        return .ipAddress(ASN1OctetString(contentBytes: octets[...]))
    }

    static func directory(_ pairs: [(ASN1ObjectIdentifier, String)]) -> GeneralName {
        .directoryName(
            DistinguishedName(
                pairs.map { RelativeDistinguishedName(.init(type: $0.0, utf8String: $0.1)) }))
    }

    static let organization: ASN1ObjectIdentifier = [2, 5, 4, 10]
    static let unit: ASN1ObjectIdentifier = [2, 5, 4, 11]

    // RFC 5280, section 4.2.1.10, including the examples in its text.
    static let cases: [Case] = [
        Case(
            base: .permitted([.dnsName("host.example.com")]), name: .dnsName("www.host.example.com"),
            isAllowed: true),
        Case(
            base: .permitted([.dnsName("host.example.com")]), name: .dnsName("host.example.com"),
            isAllowed: true),
        Case(
            base: .permitted([.dnsName("host.example.com")]), name: .dnsName("host1.example.com"),
            isAllowed: false),
        Case(base: .permitted([.dnsName("example.com")]), name: .dnsName("badexample.com"), isAllowed: false),
        Case(base: .permitted([.dnsName("example.com")]), name: .dnsName("A.EXAMPLE.COM"), isAllowed: true),
        Case(base: .permitted([.dnsName("example.com")]), name: .dnsName("*.example.com"), isAllowed: true),
        Case(
            base: .permitted([.dnsName("a.example.com")]), name: .dnsName("*.example.com"), isAllowed: false),
        Case(base: .permitted([.dnsName(".example.com")]), name: .dnsName("example.com"), isAllowed: false),
        Case(base: .permitted([.dnsName(".example.com")]), name: .dnsName("a.example.com"), isAllowed: true),
        Case(base: .permitted([.dnsName("example.com")]), name: address("10.0.0.1"), isAllowed: true),
        Case(base: .permitted([.dnsName("")]), name: .dnsName("anything.test"), isAllowed: true),
        Case(base: .excluded([.dnsName("")]), name: .dnsName("anything.test"), isAllowed: false),
        Case(
            base: .excluded([.dnsName("secret.example.com")]), name: .dnsName("a.example.com"),
            isAllowed: true),
        Case(
            base: .excluded([.dnsName("secret.example.com")]), name: .dnsName("x.secret.example.com"),
            isAllowed: false),
        Case(
            base: .excluded([.dnsName("secret.example.com")]), name: .dnsName("*.example.com"),
            isAllowed: false),
        Case(
            base: .excluded([.dnsName("a.b.example.com")]), name: .dnsName("*.example.com"), isAllowed: true),
        Case(base: .permitted([ip("10.0.0.0/8")]), name: address("10.255.0.1"), isAllowed: true),
        Case(base: .permitted([ip("10.0.0.0/8")]), name: address("11.0.0.1"), isAllowed: false),
        Case(base: .permitted([ip("10.0.0.0/8")]), name: address("2001:db8::1"), isAllowed: false),
        Case(base: .permitted([ip("2001:db8::/32")]), name: address("2001:db8:1::5"), isAllowed: true),
        Case(base: .excluded([ip("192.0.2.0/24")]), name: address("192.0.2.7"), isAllowed: false),
        Case(base: .excluded([ip("0.0.0.0/0")]), name: address("2001:db8::1"), isAllowed: true),
        Case(
            base: .permitted([.rfc822Name("root@example.com")]), name: .rfc822Name("root@EXAMPLE.com"),
            isAllowed: true),
        Case(
            base: .permitted([.rfc822Name("root@example.com")]), name: .rfc822Name("Root@example.com"),
            isAllowed: false),
        Case(
            base: .permitted([.rfc822Name("example.com")]), name: .rfc822Name("a@example.com"),
            isAllowed: true),
        Case(
            base: .permitted([.rfc822Name("example.com")]), name: .rfc822Name("a@mail.example.com"),
            isAllowed: false),
        Case(
            base: .permitted([.rfc822Name(".example.com")]), name: .rfc822Name("a@mail.example.com"),
            isAllowed: true),
        Case(
            base: .permitted([.rfc822Name(".example.com")]), name: .rfc822Name("a@example.com"),
            isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://host.example.com:8443/x"), isAllowed: true),
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://user@host.example.com/x"), isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://a.host.example.com/"), isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier(".example.com")]),
            name: .uniformResourceIdentifier("spiffe://a.example.com/x"), isAllowed: true),
        Case(
            base: .permitted([.uniformResourceIdentifier(".example.com")]),
            name: .uniformResourceIdentifier("https://evil.test/?x=https://a.example.com"), isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier(".example.com")]),
            name: .uniformResourceIdentifier("urn:isbn:1"), isAllowed: false),
        Case(
            base: .excluded([.uniformResourceIdentifier(".example.com")]),
            name: .uniformResourceIdentifier("https://10.0.0.1/"), isAllowed: false),
        // OpenSSL finds another host in each of these.
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://host.example.com?a"), isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://host.example.com#a"), isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://host.example.com"), isAllowed: true),
        Case(
            base: .permitted([.uniformResourceIdentifier("host.example.com")]),
            name: .uniformResourceIdentifier("https://host.example.com/?a=b@c#d"), isAllowed: true),
        Case(
            base: .excluded([.uniformResourceIdentifier("evil.test")]),
            name: .uniformResourceIdentifier("https://evil.test:80@host.example.com/"), isAllowed: false),
        Case(
            base: .excluded([.uniformResourceIdentifier(".evil.test")]),
            name: .uniformResourceIdentifier("https://host.example.com?.evil.test"), isAllowed: false),
        Case(
            base: .permitted([directory([(organization, "Example")])]),
            name: directory([(organization, "EXAMPLE "), (unit, "x")]), isAllowed: true),
        Case(
            base: .permitted([directory([(organization, "Example")])]),
            name: directory([(unit, "x"), (organization, "Example")]), isAllowed: false),
        Case(
            base: .excluded([directory([(organization, "Example")])]),
            name: directory([(organization, "example"), (unit, "x")]), isAllowed: false),
        Case(base: .permitted([.registeredID([1, 2])]), name: .registeredID([1, 2, 3]), isAllowed: false),
        Case(base: .excluded([.registeredID([1, 2])]), name: .registeredID([9, 9]), isAllowed: false),
        Case(base: .excluded([.registeredID([1, 2])]), name: .dnsName("a.example"), isAllowed: true),
    ]

    @Test(arguments: cases)
    func `a name is compared with one subtree`(_ entry: Case) {
        let violation = NameConstraintCheck(entry.base.constraints)
            .violation(subject: DistinguishedName(), alternativeNames: [entry.name])
        #expect((violation == nil) == entry.isAllowed, "\(String(describing: violation))")
    }

    @Test func `a request with too many names to compare is refused`() throws {
        let subtrees = (0..<1000).map { GeneralName.dnsName("x\($0).example") }
        let fixture = try TestAuthority(
            extensions: [.init(NameConstraints(excludedSubtrees: subtrees), critical: true)])
        let names = (0..<300).map { GeneralName.dnsName("n\($0).test") }
        let violation = fixture.authority.constraints.violation(
            subject: DistinguishedName(), alternativeNames: names)
        #expect(violation?.kind == .tooMany)
        #expect(
            fixture.authority.constraints.violation(
                subject: DistinguishedName(), alternativeNames: Array(names.prefix(10))) == nil)
    }

    // Subtrees and names are prepared once. Previously 150 subtrees and 600 names took 90,000 preparations, a
    // third of a second.
    @Test func `directory names are prepared once and compared with many subtrees`() throws {
        let subtrees = (0..<150).map { Self.directory([(Self.organization, "Unit \($0)")]) }
        let fixture = try TestAuthority(
            extensions: [.init(NameConstraints(excludedSubtrees: subtrees), critical: true)])
        func names(_ last: String) -> [GeneralName] {
            (0..<599).map { Self.directory([(Self.organization, "Name \($0)")]) }
                + [Self.directory([(Self.organization, last), (Self.unit, "x")])]
        }
        let constraints = fixture.authority.constraints
        #expect(
            constraints.violation(subject: DistinguishedName(), alternativeNames: names("Name 599")) == nil)
        let violation = constraints.violation(
            subject: DistinguishedName(), alternativeNames: names("UNIT  149"))
        #expect(violation?.kind == .excluded)
    }

    @Test func `a name with its attributes in another order is within its own prefix`() throws {
        let locality: ASN1ObjectIdentifier = [2, 5, 4, 7]
        let base = Self.directory([(locality, "Town"), (Self.organization, "Example")])
        let check = NameConstraintCheck(NameConstraints(permittedSubtrees: [base]))
        func isAllowed(_ pairs: [(ASN1ObjectIdentifier, String)]) -> Bool {
            check.violation(subject: DistinguishedName(), alternativeNames: [Self.directory(pairs)]) == nil
        }
        #expect(isAllowed([(locality, "Town"), (Self.organization, "Example"), (Self.unit, "x")]))
        #expect(!isAllowed([(Self.organization, "Example"), (locality, "Town"), (Self.unit, "x")]))
    }

    @Test func `a negative path length is a defect instead of an overflow`() throws {
        // basicConstraints with CA:TRUE and the smallest 64-bit number.
        let value: [UInt8] = [0x30, 0x0D, 0x01, 0x01, 0xFF, 0x02, 0x08, 0x80, 0, 0, 0, 0, 0, 0, 0]
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("Ancestor") }
        let ancestor = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 0), notValidAfter: Date(timeIntervalSince1970: 2e9),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try .init([.init(oid: [2, 5, 29, 19], critical: true, value: value[...])]),
            issuerPrivateKey: .init(key))
        let fixture = try TestAuthority(ancestors: [ancestor])
        #expect(fixture.authority.constraints.defect?.contains("path length") == true)
    }

    @Test func `the subject counts as every form of name that it can be read as`() throws {
        let check = NameConstraintCheck(NameConstraints(permittedDNSDomains: ["example.com"]))
        let evil = try DistinguishedName { CommonName("evil.test") }
        let violation = try #require(check.violation(subject: evil, alternativeNames: []))
        #expect(
            violation.description.hasPrefix(
                "Name Constraints violation: DNS name not found in a permitted subtree."))
        // A DNS name or an address beside it makes no difference.
        for name in [GeneralName.dnsName("a.example.com"), Self.address("192.0.2.1")] {
            #expect(check.violation(subject: evil, alternativeNames: [name])?.kind == .notPermitted)
        }
        let person = try DistinguishedName { CommonName("Alice A. Example") }
        #expect(check.violation(subject: person, alternativeNames: []) == nil)

        let mail = NameConstraintCheck(NameConstraints(permittedEmailAddresses: ["example.com"]))
        let attribute = try RelativeDistinguishedName.Attribute(
            type: .RDNAttributeType.emailAddress, ia5String: "a@evil.test")
        let mailbox = DistinguishedName([RelativeDistinguishedName(attribute)])
        #expect(mail.violation(subject: mailbox, alternativeNames: []) != nil)
    }

    @Test func `the constraints of every higher certificate are enforced`() throws {
        let outer = try TestAuthority(
            extensions: [.init(NameConstraints(permittedDNSDomains: ["example.com"]), critical: true)])
        let inner = try TestAuthority(
            ancestors: [try #require(outer.authority.certificate)],
            extensions: [.init(NameConstraints(excludedDNSDomains: ["a.example.com"]), critical: true)])
        let constraints = inner.authority.constraints
        let empty = DistinguishedName()
        #expect(constraints.violation(subject: empty, alternativeNames: [.dnsName("b.example.com")]) == nil)
        #expect(
            constraints.violation(subject: empty, alternativeNames: [.dnsName("b.test")])?.kind
                == .notPermitted)
        #expect(
            constraints.violation(subject: empty, alternativeNames: [.dnsName("a.example.com")])?.kind
                == .excluded)
    }

    @Test func `higher certificates that permit nothing are named`() throws {
        let noSigner = try TestAuthority(extensions: [.init(KeyUsage(cRLSign: true), critical: true)])
        #expect(noSigner.authority.constraints.defect?.contains("lacks keyCertSign") == true)
        // Name constraints with a distance are malformed, and are not ignored.
        let subtree: [UInt8] = [0x30, 0x0A, 0xA0, 0x08, 0x30, 0x06, 0x82, 0x01, 0x61, 0x80, 0x01, 0x01]
        let unreadable = try TestAuthority(
            extensions: [.init(oid: [2, 5, 29, 30], critical: true, value: subtree[...])])
        #expect(unreadable.authority.constraints.defect?.contains("does not parse") == true)
        let csr = try OpenSSLRequest.make()
        let error = #expect(throws: IssuanceError.self) {
            _ = try unreadable.prepare(unreadable.request(csr: csr)).digest
        }
        #expect(error?.description.hasPrefix("nothing can be issued") == true)
    }
}
