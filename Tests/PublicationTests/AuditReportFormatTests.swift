import Foundation
import PKIX
import Publication
import SwiftASN1
import TestSupport
import Testing
import X509

/// Audit reports octet by octet, after the samples of AWS's User Guide ("Use audit reports with your private
/// CA").
struct AuditReportFormatTests {
    private static let authority = "arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID"

    private static func date(_ text: String) throws -> Date {
        try Date(text, strategy: .iso8601)
    }

    private static func entry(
        subject: String = "CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US",
        service: String? = nil, isRevoked: Bool = false
    ) throws -> AuditReportEntry {
        AuditReportEntry(
            accountID: "123456789012", requestedByServicePrincipal: service,
            certificateARN: "\(authority)/certificate/00112233445566778899aabbccddeeff",
            serialNumber: "00112233445566778899aabbccddeeff", subject: subject,
            notBefore: try date("2020-02-26T18:39:57Z"), notAfter: try date("9999-12-31T23:59:59Z"),
            issuedAt: try date("2020-02-26T19:39:58Z").addingTimeInterval(0.999),
            revocation: isRevoked
                ? .init(time: try date("2020-02-26T20:00:36Z"), reason: "UNSPECIFIED") : nil,
            templateARN: "arn:aws:acm-pca:::template/EndEntityCertificate/V1")
    }

    private static func report(_ format: AuditReportFormat, _ entries: [AuditReportEntry]) -> String {
        entries.enumerated().reduce(format.beginning) {
            $0 + format.text($1.element, isFirst: $1.offset == 0)
        }
            + format.end
    }

    @Test func `JSON has AWS's members in its order, and omits missing values`() throws {
        let report = Self.report(
            .json, [try Self.entry(service: "acm.amazonaws.com", isRevoked: true), try Self.entry()])
        #expect(
            report == """
                [
                {"awsAccountId":"123456789012","requestedByServicePrincipal":"acm.amazonaws.com","certificateArn":"arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID/certificate/00112233445566778899aabbccddeeff","serial":"00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff","subject":"CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US","notBefore":"2020-02-26T18:39:57+0000","notAfter":"9999-12-31T23:59:59+0000","issuedAt":"2020-02-26T19:39:58+0000","revokedAt":"2020-02-26T20:00:36+0000","revocationReason":"UNSPECIFIED","templateArn":"arn:aws:acm-pca:::template/EndEntityCertificate/V1"},
                {"awsAccountId":"123456789012","certificateArn":"arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID/certificate/00112233445566778899aabbccddeeff","serial":"00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff","subject":"CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US","notBefore":"2020-02-26T18:39:57+0000","notAfter":"9999-12-31T23:59:59+0000","issuedAt":"2020-02-26T19:39:58+0000","templateArn":"arn:aws:acm-pca:::template/EndEntityCertificate/V1"}
                ]

                """)
    }

    @Test func `CSV has AWS's columns, quoted subjects, and empty fields for missing values`() throws {
        let report = Self.report(
            .csv, [try Self.entry(isRevoked: true), try Self.entry(service: "acm.amazonaws.com")])
        #expect(
            report == """
                awsAccountId,requestedByServicePrincipal,certificateArn,serial,subject,notBefore,notAfter,issuedAt,revokedAt,revocationReason,templateArn
                123456789012,,arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID/certificate/00112233445566778899aabbccddeeff,00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff,"CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US",2020-02-26T18:39:57+0000,9999-12-31T23:59:59+0000,2020-02-26T19:39:58+0000,2020-02-26T20:00:36+0000,UNSPECIFIED,arn:aws:acm-pca:::template/EndEntityCertificate/V1
                123456789012,acm.amazonaws.com,arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID/certificate/00112233445566778899aabbccddeeff,00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff,"CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US",2020-02-26T18:39:57+0000,9999-12-31T23:59:59+0000,2020-02-26T19:39:58+0000,,,arn:aws:acm-pca:::template/EndEntityCertificate/V1

                """)
    }

    @Test func `an empty report is an empty array, or only a header`() throws {
        #expect(Self.report(.json, []) == "[\n]\n")
        #expect(Self.report(.csv, []).hasSuffix(",templateArn\n"))
    }

    @Test func `the text of a subject stays in its field`() throws {
        let wild = "CN=a\\\"b\\\\c\u{1}\t\r\nd/ü\u{2028}\u{7F},O=e"
        let json = AuditReportFormat.json.text(try Self.entry(subject: wild), isFirst: true)
        #expect(
            json.contains(#""subject":"CN=a\\\"b\\\\c\u0001\t\r\nd/ü\u2028\u007f,O=e","#),
            "\(json)")
        let csv = AuditReportFormat.csv.text(try Self.entry(subject: wild), isFirst: true)
        #expect(csv.contains(",\"CN=a\\\"\"b\\\\c\u{1}\t\r\nd/ü\u{2028}\u{7F},O=e\","), "\(csv)")
        let empty = try Self.entry(subject: "")
        #expect(!AuditReportFormat.json.text(empty, isFirst: true).contains("subject"))
        #expect(AuditReportFormat.csv.text(empty, isFirst: true).contains(":ff,,2020-"))
    }

    /// An independent CSV reader: the rows, each a list of fields.
    private static func rows(_ csv: String) throws -> [[String]] {
        let directory = try TemporaryDirectory()
        try directory.write("report.csv", csv)
        let script = """
            import csv, json, sys
            print(json.dumps(list(csv.reader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))))
            """
        let output = try Command.output("python3", ["-c", script, directory.path("report.csv")])
        return try JSONDecoder().decode([[String]].self, from: Data(output.utf8))
    }

    @Test(arguments: [
        // A quote joined to a combining mark, a line feed, and a whole row after it.
        "x\"\u{301}\n123456789012,,arn:aws:acm-pca:::x,00,forged,a,b,c,,,d\n", "x\"\r\n\"\"\u{301},=1+1,",
        "\"\u{200D},\"\u{FE0F}\n", "\u{2028}\u{85}\u{1B}[2J\u{9B}\u{202E}", "=HYPERLINK(\"http://evil\")",
        "+1", "-1", "@SUM(A1)", "\t=1", "Sue, \"Grabbit\" and Rünn",
    ])
    func `a certificate is one row of CSV, whatever its names are`(_ value: String) throws {
        let types: [[UInt]] = [[2, 5, 4, 9], [2, 5, 4, 3], [2, 5, 4, 65]]
        let name = try DistinguishedName(
            types.map { type in
                RelativeDistinguishedName([
                    .init(
                        type: try .init(dotRepresentation: type.map(String.init).joined(separator: ".")),
                        utf8String: value)
                ])
            })
        let honest = try Self.entry()
        let csv = Self.report(.csv, [honest, try Self.entry(subject: name.rfc2253), honest])
        let rows = try Self.rows(csv)
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 11 }, "\(csv)")
        #expect(rows[1] == rows[3])
        #expect(rows[2][4].unicodeScalars.elementsEqual(name.rfc2253.unicodeScalars))
        for (index, field) in rows[2].enumerated() where index != 4 { #expect(field == rows[1][index]) }
        // Each row is a single line, and no field is a formula.
        #expect(csv.utf8.count { $0 == 0x0A } == 4)
        #expect(csv.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        for row in rows {
            for field in row { #expect(!["=", "+", "-", "@", "\t", "\r"].contains(field.prefix(1))) }
        }
        let json = Self.report(.json, [try Self.entry(subject: name.rfc2253)])
        let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        #expect(read?.count == 1 && read?.first?["subject"] as? String == name.rfc2253)
    }

    @Test func `a field with a quote, a comma or a line feed is quoted by octets`() throws {
        let csv = Self.report(.csv, [try Self.entry(subject: "a\"\u{301},\n", service: "x\"\u{301},y\nz")])
        let rows = try Self.rows(csv)
        #expect(rows.count == 2)
        #expect(rows[1][1] == "x\"\u{301},y\nz" && rows[1][4] == "a\"\u{301},\n")
    }
}
