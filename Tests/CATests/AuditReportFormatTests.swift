import CA
import Foundation
import Testing

/// Audit reports to the byte, after the samples of AWS's User Guide ("Use audit reports with your private CA").
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

    @Test func `JSON has AWS's members, in its order, and none for what there is not`() throws {
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

    @Test func `CSV has AWS's columns, subjects in quotes, and empty fields for what there is not`() throws {
        let report = Self.report(
            .csv, [try Self.entry(isRevoked: true), try Self.entry(service: "acm.amazonaws.com")])
        #expect(
            report == """
                awsAccountId,requestedByServicePrincipal,certificateArn,serial,subject,notBefore,notAfter,issuedAt,revokedAt,revocationReason,templateArn
                123456789012,,arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID/certificate/00112233445566778899aabbccddeeff,00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff,"CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US",2020-02-26T18:39:57+0000,9999-12-31T23:59:59+0000,2020-02-26T19:39:58+0000,2020-02-26T20:00:36+0000,UNSPECIFIED,arn:aws:acm-pca:::template/EndEntityCertificate/V1
                123456789012,acm.amazonaws.com,arn:aws:acm-pca:region:123456789012:certificate-authority/CA_ID/certificate/00112233445566778899aabbccddeeff,00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff,"CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US",2020-02-26T18:39:57+0000,9999-12-31T23:59:59+0000,2020-02-26T19:39:58+0000,,,arn:aws:acm-pca:::template/EndEntityCertificate/V1

                """)
    }

    @Test func `a report of nothing is an empty array, or a header`() throws {
        #expect(Self.report(.json, []) == "[\n]\n")
        #expect(Self.report(.csv, []).hasSuffix(",templateArn\n"))
    }

    @Test func `what a subject holds stays in its field`() throws {
        let wild = "CN=a\\\"b\\\\c\u{1}\t\r\nd/ü\u{2028}\u{7F},O=e"
        let json = AuditReportFormat.json.text(try Self.entry(subject: wild), isFirst: true)
        #expect(
            json.contains(#""subject":"CN=a\\\"b\\\\c\u0001\t\r\nd/ü"# + "\u{2028}\u{7F}" + #",O=e","#),
            "\(json)")
        let csv = AuditReportFormat.csv.text(try Self.entry(subject: wild), isFirst: true)
        #expect(csv.contains(",\"CN=a\\\"\"b\\\\c\u{1}\t\r\nd/ü\u{2028}\u{7F},O=e\","), "\(csv)")
        let empty = try Self.entry(subject: "")
        #expect(!AuditReportFormat.json.text(empty, isFirst: true).contains("subject"))
        #expect(AuditReportFormat.csv.text(empty, isFirst: true).contains(":ff,,2020-"))
    }
}
