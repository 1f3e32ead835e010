import Foundation
import Testing
import WireAPI

struct ConstraintsTests {
    @Test func `a violation is reported in the API's words`() {
        var constraints = Constraints()
        constraints.range(Int64(0), "validity.value", 1...Int64.max)
        #expect(
            constraints.message
                == "1 validation error detected: Value '0' at 'validity.value' failed to satisfy constraint: "
                + "Member must have value greater than or equal to 1")
    }

    @Test func `all violations are reported together`() {
        var constraints = Constraints()
        constraints.length("", "idempotencyToken", 1...36)
        constraints.oneOf("X", "usageMode", ["GENERAL_PURPOSE"])
        #expect(constraints.message?.hasPrefix("2 validation errors detected: ") == true)
    }

    @Test(arguments: [
        "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/1", "arn:aws:acm-pca:::template/A/V1",
    ])
    func `ARNs of the service are accepted`(_ arn: String) {
        var constraints = Constraints()
        CertificateAuthorityArnInput(certificateAuthorityArn: arn).check(&constraints)
        #expect(constraints.message == nil)
    }

    @Test(arguments: [
        "", "arn", "arn:aws:s3:::bucket", "arn:aws:acm-pca:us-east-1:123456789012:", "x\ny:acm-pca",
        "arn:aws:acm-pca:::template/",
        "arn:aws:acm-pca:::template//V1", "arn:aws:acm-pca::x:a", "arn::acm-pca:::a", "arn:aws:acm-pca:::a:b",
        "arn:aws:acm-pca:::ä", "arn:aws:acm-pca:::a b",
    ])
    func `other ARNs are refused`(_ arn: String) {
        var constraints = Constraints()
        CertificateAuthorityArnInput(certificateAuthorityArn: arn).check(&constraints)
        #expect(constraints.message?.contains("'certificateAuthorityArn'") == true)
    }

    @Test func `members are written in upper camel case and times in seconds with milliseconds`() throws {
        struct Shape: Codable {
            var certificateArn: String
            var createdAt: Date
        }
        let shape = Shape(certificateArn: "a", createdAt: Date(timeIntervalSince1970: 1_664_556_822.7694))
        let text = String(decoding: try WireCoding.encode(shape), as: UTF8.self)
        #expect(text.contains(#""CertificateArn":"a""#))
        #expect(text.contains(#""CreatedAt":1664556822.769"#))
    }
}
