import Foundation
import TestSupport
import Testing

@testable import PKIX

/// RFC 7468, section 2, and the forms that are refused by name.
struct PEMTests {
    private static let folder = "01-pem-forms"
    /// The request that every file of the case contains, as OpenSSL reads it.
    private static func expected() throws -> [UInt8] {
        try openssl("\(Products.root)/Tests/Cases/\(folder)/01b-76cols.csr")
    }

    private static func openssl(_ path: String) throws -> [UInt8] {
        let text = try Command.output(
            "sh", ["-c", "openssl req -in '\(path)' -outform DER | base64 -w0"])
        return Array(try #require(Data(base64Encoded: text)))
    }

    @Test(arguments: [
        "01b-76cols", "01c-oneline", "01e-cr", "01f-bom", "01g-text-utf8", "01j-trailing-space-body",
        "01m-blankline", "01t-width72",
    ])
    func `case 01: every form of one request is read`(_ name: String) throws {
        let bytes = try CaseFiles.read("\(Self.folder)/\(name).csr")
        #expect(try PEM.block(bytes, labels: PEM.certificationRequest).contents == Self.expected())
        _ = try CertificationRequest(pem: bytes)
    }

    @Test(arguments: [("01o-utf16le-bom", "is UTF-16"), ("01r-headers", "RFC 1421 headers")])
    func `case 01: a refused form is named`(_ name: String, _ reason: String) throws {
        let bytes = try CaseFiles.read("\(Self.folder)/\(name).csr")
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: bytes)
        }
        #expect(error.description.contains(reason), "\(error)")
    }

    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Splits base64 into lines.
        let write: @Sendable (String) -> String
    }

    private static func block(_ body: String) -> String {
        "-----BEGIN CERTIFICATE REQUEST-----\n\(body)\n-----END CERTIFICATE REQUEST-----\n"
    }

    private static func lines(_ body: String, _ width: Int, _ end: String) -> String {
        stride(from: 0, to: body.utf8.count, by: width).map { start in
            String(decoding: Array(body.utf8)[start..<min(start + width, body.utf8.count)], as: UTF8.self)
        }.joined(separator: end)
    }

    static let forms = [
        Form(testDescription: "one digit per line") { block(lines($0, 1, "\n")) },
        Form(testDescription: "CR LF") { block(lines($0, 64, "\n")).replacing("\n", with: "\r\n") },
        Form(testDescription: "mixed line ends") { block(lines($0, 7, "\r\n\r\n\n\r")) },
        Form(testDescription: "tabs, form feeds and vertical tabs") {
            block(lines($0, 9, " \t\u{0C}\u{0B}\n\t "))
        },
        Form(testDescription: "indented, including the boundaries") {
            "\t" + block(lines($0, 64, "\n")).replacing("\n", with: "\n    ")
        },
        Form(testDescription: "all in one line") { block($0).replacing("\n", with: "") },
        Form(testDescription: "no final line end") { String(block($0).dropLast()) },
        Form(testDescription: "the label of old tools") {
            block(lines($0, 64, "\n")).replacing("CERTIFICATE REQUEST", with: "NEW CERTIFICATE REQUEST")
        },
        Form(testDescription: "blank lines before and after") { "\n\r\n \n\(block($0))\n\n \n" },
        Form(testDescription: "a byte order mark and a blank") { "\u{FEFF} \(block($0))" },
        Form(testDescription: "surrounding text with hyphens and NUL") {
            "Data: 30 82 -- --- ---- ----- x\u{0}\n0-1\n\(block($0))-- \nsignature: none\n"
        },
    ]

    @Test(arguments: forms)
    func `a form of RFC 7468 is read`(_ form: Form) throws {
        let expected = try Self.expected()
        let text = form.write(Data(expected).base64EncodedString())
        #expect(try PEM.block(Array(text.utf8), labels: PEM.certificationRequest).contents == expected)
    }

    @Test func `octets before the block that are not UTF-8 are ignored`() throws {
        let expected = try Self.expected()
        let text = [0xC4, 0xFF, 0x80, 0x0A] + Array(Self.block(Data(expected).base64EncodedString()).utf8)
        #expect(try PEM.block(text, labels: PEM.certificationRequest).contents == expected)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let write: @Sendable ([UInt8]) throws -> [UInt8]
        let reason: String
    }

    private static func text(_ der: [UInt8]) -> String {
        block(lines(Data(der).base64EncodedString(), 64, "\n"))
    }

    private static func wide(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let octets = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return bigEndian ? octets : octets.reversed()
        }
    }

    static let refused: [Refused] = [
        Refused(testDescription: "no octets", write: { _ in [] }, reason: "is empty"),
        Refused(
            testDescription: "other text", write: { _ in Array("please sign this".utf8) },
            reason: "has no PEM block labelled CERTIFICATE REQUEST"),
        Refused(testDescription: "DER", write: { $0 }, reason: "is DER and not PEM"),
        Refused(
            testDescription: "truncated DER", write: { Array($0.dropLast(9)) }, reason: "is DER and not PEM"),
        Refused(
            testDescription: "UTF-16 without a mark, big-endian", write: { wide(text($0), bigEndian: true) },
            reason: "is UTF-16 text"),
        Refused(
            testDescription: "UTF-16 without a mark, little-endian",
            write: { wide("Data\n" + text($0), bigEndian: false) }, reason: "is UTF-16 text"),
        Refused(
            testDescription: "UTF-16, big-endian", write: { [0xFE, 0xFF] + wide(text($0), bigEndian: true) },
            reason: "is UTF-16 text"),
        Refused(
            testDescription: "UTF-32, little-endian",
            write: { [0xFF, 0xFE, 0, 0] + text($0).unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] } },
            reason: "is UTF-32 text"),
        Refused(
            testDescription: "UTF-32, big-endian",
            write: { [0, 0, 0xFE, 0xFF] + text($0).unicodeScalars.flatMap { [0, 0, 0, UInt8($0.value)] } },
            reason: "is UTF-32 text"),
        Refused(
            testDescription: "UTF-32 without a mark",
            write: { text($0).unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] } },
            reason: "is UTF-32 text"),
        Refused(
            testDescription: "UTF-32 without a mark, big-endian",
            write: { ("Data\n" + text($0)).unicodeScalars.flatMap { [0, 0, 0, UInt8($0.value)] } },
            reason: "is UTF-32 text"),
        Refused(
            testDescription: "two blocks", write: { Array((text($0) + text($0)).utf8) },
            reason: "has 2 PEM blocks"),
        Refused(
            testDescription: "another label",
            write: { Array(text($0).replacing("CERTIFICATE REQUEST", with: "CERTIFICATE").utf8) },
            reason: "has a PEM block labelled `CERTIFICATE`"),
        Refused(
            testDescription: "a certificate after the request",
            write: {
                Array((text($0) + text($0).replacing("CERTIFICATE REQUEST", with: "CERTIFICATE")).utf8)
            }, reason: "has a PEM block labelled `CERTIFICATE`"),
        Refused(
            testDescription: "a private key", write: { _ in try key("PRIVATE KEY") },
            reason: "holds a private key (`PRIVATE KEY`)"),
        Refused(
            testDescription: "a private key after the request",
            write: { Array(text($0).utf8) + (try key("EC PRIVATE KEY")) },
            reason: "holds a private key (`EC PRIVATE KEY`)"),
        Refused(
            testDescription: "an encrypted private key before the request",
            write: { try key("ENCRYPTED PRIVATE KEY") + Array(text($0).utf8) },
            reason: "holds a private key (`ENCRYPTED PRIVATE KEY`)"),
        Refused(
            testDescription: "an encrypted body (RFC 1421)",
            write: {
                Array(
                    text($0).replacing(
                        "REQUEST-----\nMI",
                        with: "REQUEST-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMI"
                    ).utf8)
            }, reason: "RFC 1421 headers in its PEM block, on line 2"),
        Refused(
            testDescription: "base64 without boundaries",
            write: { Array(Data($0).base64EncodedString().utf8) }, reason: "lines `-----BEGIN"),
        Refused(
            testDescription: "PEM in base64",
            write: { Array(Data(text($0).utf8).base64EncodedString().utf8) },
            reason: "encoded in base64 once more"),
        Refused(
            testDescription: "a missing end", write: { Array(text($0).utf8.dropLast(40)) },
            reason: "does not end with `-----END CERTIFICATE REQUEST-----`: the one of line 1"),
        Refused(
            testDescription: "an end with another label",
            write: { Array(text($0).replacing("END CERTIFICATE REQUEST", with: "END CERTIFICATE").utf8) },
            reason: "no PEM boundary"),
        Refused(
            testDescription: "an end without a beginning",
            write: { _ in Array("-----END CERTIFICATE REQUEST-----".utf8) },
            reason: "no PEM boundary"),
        Refused(
            testDescription: "four hyphens",
            write: { Array(text($0).replacing("REQUEST-----\nMI", with: "REQUEST----\nMI").utf8) },
            reason: "no PEM boundary such as `-----BEGIN CERTIFICATE-----`: line 1"),
        Refused(
            testDescription: "a boundary after other text", write: { Array(("csr: " + text($0)).utf8) },
            reason: "no PEM boundary"),
        Refused(
            testDescription: "a character that is not base64",
            write: { Array(text($0).replacing("\nzj0", with: "\nz!0").utf8) },
            reason: "is not valid base64 on line 3"),
        Refused(
            testDescription: "base64url",
            write: { Array(text($0).replacing("\nzj0", with: "\nz-0").utf8) },
            reason: "is not valid base64 on line 3"),
        Refused(
            testDescription: "a missing digit",
            write: { Array(text($0).replacing("\nzj0", with: "\nz0").utf8) }, reason: "is not valid base64"),
        Refused(
            testDescription: "padding inside",
            write: { Array(text($0).replacing("\nzj0C", with: "\nzj==").utf8) },
            reason: "is not valid base64 on line 3"),
        Refused(
            testDescription: "a block without contents", write: { _ in Array(block("").utf8) },
            reason: "is not valid base64"),
        Refused(
            testDescription: "a block above the limit",
            write: { Array(text($0).utf8) + [UInt8](repeating: 0x0A, count: PEM.mostOctets) },
            reason: "has more than 4194304 octets"),
    ]

    private static func key(_ label: String) throws -> [UInt8] {
        // A real certificate is not needed, because the label is refused.
        Array("-----BEGIN \(label)-----\nAAAA\n-----END \(label)-----\n".utf8)
    }

    @Test(arguments: refused)
    func `input that is not a single request is named`(_ entry: Refused) throws {
        let text = try entry.write(try Self.expected())
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: text)
        }
        #expect(error.description.contains(entry.reason), "\(error)")
    }

    @Test func `a text truncated or changed anywhere never traps and contains no second request`() throws {
        let expected = try Self.expected()
        let text = Array(Self.text(expected).utf8)
        for length in 0..<(text.count - 1) {
            let blocks = try? PEM.decode(Array(text.prefix(length)), labels: PEM.certificationRequest)
            #expect(blocks == nil, "\(length)")
        }
        for index in text.indices {
            for octet in [0x00, 0x0D, 0x2D, 0x3D, 0x3A, 0xFF] as [UInt8] {
                var changed = text
                changed[index] = octet
                let blocks = try? PEM.decode(changed, labels: PEM.certificationRequest)
                #expect(blocks == nil || blocks?.count == 1)
            }
        }
    }

    @Test func `a bundle of many certificates is read in linear time`() throws {
        let one = PEM.encode([UInt8](repeating: 7, count: 900), label: "CERTIFICATE") + "\n"
        let text = Array(String(repeating: one, count: 3000).utf8)
        #expect(try PEM.decode(text, labels: PEM.certificate).count == 3000)
    }

    @Test(arguments: ["PUBLIC KEY", "RSA PRIVATE KEY", "X509 CRL", "CERTIFICATE"])
    func `encoded PEM is decoded again`(_ label: String) throws {
        for count in 1..<100 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let text = PEM.encode(bytes, label: label)
            #expect(try PEM.block(Array(text.utf8), labels: [label]) == .init(label: label, contents: bytes))
        }
    }
}
