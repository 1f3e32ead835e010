public import Foundation

/// API reference, `CertificateAuthorityConfiguration`.
public struct CertificateAuthorityConfiguration: Sendable, Hashable, Codable {
    public var keyAlgorithm: String
    public var signingAlgorithm: String
    public var subject: ASN1Subject
    public var csrExtensions: CsrExtensions?

    public init(
        keyAlgorithm: String, signingAlgorithm: String, subject: ASN1Subject,
        csrExtensions: CsrExtensions? = nil
    ) {
        self.keyAlgorithm = keyAlgorithm
        self.signingAlgorithm = signingAlgorithm
        self.subject = subject
        self.csrExtensions = csrExtensions
    }
}

/// API reference, `CertificateAuthority`.
public struct CertificateAuthority: Sendable, Hashable, Codable {
    public var arn: String
    public var ownerAccount: String
    public var createdAt: Date
    public var lastStateChangeAt: Date
    public var type: String
    public var serial: String?
    public var status: String
    public var notBefore: Date?
    public var notAfter: Date?
    public var failureReason: String?
    public var certificateAuthorityConfiguration: CertificateAuthorityConfiguration
    public var revocationConfiguration: RevocationConfigurationShape
    public var keyStorageSecurityStandard: String?
    public var usageMode: String

    public init(
        arn: String, ownerAccount: String, createdAt: Date, lastStateChangeAt: Date, type: String,
        serial: String?, status: String, notBefore: Date?, notAfter: Date?, failureReason: String?,
        certificateAuthorityConfiguration: CertificateAuthorityConfiguration,
        revocationConfiguration: RevocationConfigurationShape, keyStorageSecurityStandard: String?,
        usageMode: String
    ) {
        self.arn = arn
        self.ownerAccount = ownerAccount
        self.createdAt = createdAt
        self.lastStateChangeAt = lastStateChangeAt
        self.type = type
        self.serial = serial
        self.status = status
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.failureReason = failureReason
        self.certificateAuthorityConfiguration = certificateAuthorityConfiguration
        self.revocationConfiguration = revocationConfiguration
        self.keyStorageSecurityStandard = keyStorageSecurityStandard
        self.usageMode = usageMode
    }
}

/// API reference, `Validity`.
public struct ValidityShape: Sendable, Hashable, Codable {
    public var value: Int64
    public var type: String

    public init(value: Int64, type: String) {
        self.value = value
        self.type = type
    }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.range(value, "\(path).value", 1...Int64.max)
        constraints.oneOf(type, "\(path).type", ["END_DATE", "ABSOLUTE", "DAYS", "MONTHS", "YEARS"])
    }
}

extension Constraints {
    // The model's `Arn`: string 5..200 with the pattern below. Checked by hand, because a regular expression
    // would be compiled for every request.
    mutating func arn(_ value: String, _ member: String) {
        length(value, member, 5...200)
        guard value.utf8.count > 200 || !Self.isARN(value) else { return }
        add(
            value, member,
            "Member must satisfy regular expression pattern: "
                + "arn:[\\w+=/,.@-]+:acm-pca:[\\w+=/,.@-]*:[0-9]*:[\\w+=,.@-]+(/[\\w+=,.@-]+)*")
    }

    private static func isARN(_ value: String) -> Bool {
        var rest = value.utf8[...]
        func part() -> Substring.UTF8View {
            let part = rest.prefix { $0 != UInt8(ascii: ":") }
            rest = rest[part.endIndex...].dropFirst()
            return part
        }
        func areWords(_ text: Substring.UTF8View) -> Bool {
            text.allSatisfy { isWord($0) || $0 == UInt8(ascii: "/") }
        }
        guard part().elementsEqual("arn".utf8) else { return false }
        let partition = part()
        guard !partition.isEmpty, areWords(partition), part().elementsEqual("acm-pca".utf8), areWords(part()),
            part().allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return false }
        // Words separated by slashes, to the end.
        var isBehindSlash = true
        for byte in rest {
            guard byte == UInt8(ascii: "/") ? !isBehindSlash : isWord(byte) else { return false }
            isBehindSlash = byte == UInt8(ascii: "/")
        }
        return !isBehindSlash
    }

    /// `[\w+=,.@-]`
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="),
            UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    mutating func idempotencyToken(_ value: String?) {
        length(value, "idempotencyToken", 1...36)
        // The model's `[\u0009\u000A\u000D\u0020-\u00FF]*`.
        let isLatin = value?.unicodeScalars.allSatisfy {
            [0x09, 0x0A, 0x0D].contains($0.value) || (0x20...0xFF).contains($0.value)
        }
        if let value, isLatin == false {
            add(
                value, "idempotencyToken",
                "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]*")
        }
    }

    mutating func signingAlgorithm(_ value: String, _ member: String) {
        oneOf(
            value, member,
            [
                "SHA256WITHECDSA", "SHA384WITHECDSA", "SHA512WITHECDSA", "SHA256WITHRSA", "SHA384WITHRSA",
                "SHA512WITHRSA", "SM3WITHSM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87",
            ])
    }

    // The model's `CustomObjectIdentifier`: string 0..64. Checked by hand for the same reason.
    mutating func objectIdentifier(_ value: String?, _ member: String) {
        guard let value else { return }
        length(value, member, 0...64)
        guard !Self.isObjectIdentifier(value) else { return }
        add(
            value, member,
            "Member must satisfy regular expression pattern: "
                + "^([0-2])\\.([0-9]|([0-3][0-9]))((\\.([0-9]+)){0,126})$")
    }

    private static func isObjectIdentifier(_ value: String) -> Bool {
        let arcs = value.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (2...128).contains(arcs.count),
            arcs.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return false }
        return arcs[0].count == 1 && (0x30...0x32).contains(arcs[0].first ?? 0)
            && (arcs[1].count == 1 || (arcs[1].count == 2 && (0x30...0x33).contains(arcs[1].first ?? 0)))
    }

    // The model's `Base64String1To4096`.
    mutating func base64(_ value: String, _ member: String) {
        let bytes = Array(value.utf8)
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let isWhole = bytes.count % 4 == 0 && padding <= 2
        guard !isWhole || !bytes.dropLast(padding).allSatisfy(Self.isBase64) else { return }
        add(
            value, member,
            "Member must satisfy regular expression pattern: "
                + "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
