internal import OctetText
internal import RecordKeeping
internal import Storage

extension RevocationConfiguration {
    /// Checks what the API's constraints do not say (AWS Private CA API Reference, CrlConfiguration).
    func check(_ settings: RevocationSettings) throws(CAError) {
        if let lists = certificateLists { try Self.check(lists, settings) }
        if let status { try Self.check(status, settings) }
    }

    private static func check(_ status: Status, _ settings: RevocationSettings) throws(CAError) {
        if let name = status.customCname, !isHost(name) {
            throw .invalidArguments(
                "the OcspCustomCname must be a host name, with a port if needed, and no `http://` before it")
        }
        guard status.customCname != nil || settings.ocsp.url != nil else {
            throw .invalidArguments(
                "certificates would have no URL of the OCSP responder: give an OcspCustomCname, or have the operator set revocation.ocsp.url"
            )
        }
        guard settings.ocsp.signer == .authority || settings.ocsp.makesKeys else {
            throw .invalidArguments(
                "keys are made in ceremonies here, and a responder needs one: have the operator set revocation.ocsp.signer to `authority`"
            )
        }
    }

    private static func check(
        _ lists: CertificateLists, _ settings: RevocationSettings
    ) throws(CAError) {
        if let bucket = lists.bucket, settings.buckets[bucket] == nil {
            // The end of the sentence is the one that clients wait for.
            throw .validation(
                "the daemon's configuration has no bucket \(bucket) with a url (revocation.buckets). Check your S3 bucket permissions and try again"
            )
        }
        if lists.omitsExtension, lists.customCname != nil {
            throw .invalidArguments("CustomCname is for the extension that OmitExtension leaves out")
        }
        if let name = lists.customCname, !isHost(name) {
            throw .invalidArguments(
                "the CustomCname must be a host name, with a port if needed, and no `http://` before it")
        }
        if let path = lists.customPath, !isPath(path) {
            throw .invalidArguments(
                "the CustomPath must be letters, digits, `-`, `_`, `.` and `/`, with no part that begins with `.` or ends in `.crl`"
            )
        }
        guard lists.customPath == nil || lists.bucket != nil else {
            throw .invalidArguments("a CustomPath is for the copy in an S3BucketName")
        }
        guard lists.omitsExtension || lists.customCname != nil || lists.bucket != nil || settings.url != nil
        else {
            throw .invalidArguments(
                "certificates would have no URL of the CRL: give a CustomCname or an S3BucketName, or have the operator set revocation.url; or OmitExtension"
            )
        }
    }

    /// A host name (RFC 1123, section 2.1), and a port from 1 to 65535 without leading zeros.
    private static func isHost(_ text: String) -> Bool {
        let parts = text.pieces(at: ":", most: 2)
        guard let name = parts.first, parts.count == 1 || isPort(parts[1]) else { return false }
        return name.utf8.count <= 253
            && name.pieces(at: ".").allSatisfy { label in
                let octets = label.utf8
                return (1...63).contains(octets.count) && octets.first != UInt8(ascii: "-")
                    && octets.last != UInt8(ascii: "-")
                    && octets.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isPort(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy(isDigit) && text.utf8.first != UInt8(ascii: "0")
            && (1...5).contains(text.utf8.count) && UInt16(text) != nil
    }

    private static func isPath(_ text: String) -> Bool {
        text.pieces(at: "/").allSatisfy { part in
            // Files have names that end in `.crl`, and unfinished ones begin with a period.
            !part.hasOctetPrefix(".") && !part.hasOctetSuffix(".crl") && !part.isEmpty
                && part.utf8.allSatisfy { isWord($0) || "-_.".utf8.contains($0) }
        }
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
    }

    private static func isWord(_ octet: UInt8) -> Bool {
        isDigit(octet) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
    }
}
