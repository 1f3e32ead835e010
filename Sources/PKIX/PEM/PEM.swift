internal import Foundation

/// The textual encodings of PKIX (RFC 7468). This is the only reader of PEM, for files and for members of
/// requests, so that all of them accept the same forms.
///
/// It works on octets. It accepts lines of any width that end in LF, CR or CR LF, white space anywhere, a
/// UTF-8 byte order mark, and text around the blocks. It never skips a boundary: a block that another tool
/// could read and this reader cannot is an error.
public enum PEM {
    /// The label of certificates (RFC 7468, section 5.1). `X509 CERTIFICATE` and `TRUSTED CERTIFICATE` are
    /// not accepted.
    public static let certificate = ["CERTIFICATE"]
    /// RFC 7468, section 7, and the label of old tools.
    public static let certificationRequest = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
    /// RFC 7468, section 6.
    public static let certificateList = ["X509 CRL"]
    /// RFC 7468, section 13.
    public static let publicKey = ["PUBLIC KEY"]
    /// RFC 7468, section 10, and the forms of PKCS #1 and SEC 1 that OpenSSL writes. Encrypted keys are not
    /// among them.
    public static let privateKey = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]

    /// The maximum size of a text in octets. A bundle of every public root has a quarter of a megabyte.
    public static let mostOctets = 4 << 20

    /// The PEM text of `der`, without a line end after the last line.
    public static func encode(_ der: [UInt8], label: String) -> String {
        // RFC 7468, section 3: lines of 64 characters. The library's writer takes quadratic time.
        let lines = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(lines)\n-----END \(label)-----"
    }

    /// The PEM text of several certificates, one after the other.
    public static func encode(certificates: [[UInt8]]) -> String {
        certificates.map { encode($0, label: "CERTIFICATE") }.joined(separator: "\n")
    }

    public struct Block: Sendable, Hashable {
        public let label: String
        public let contents: [UInt8]
    }

    /// Every block in `text`. There is at least one, and each has one of `labels`.
    public static func blocks(_ text: [UInt8], labels: [String]) throws(PEMFault) -> [Block] {
        guard !text.isEmpty else { throw .empty }
        guard text.count <= mostOctets else { throw .tooLong(limit: mostOctets) }
        if let form = PEMFault.Form.wide(text) { throw .notPEM(form, labels: labels) }
        var reader = PEMReader(text)
        var blocks: [Block] = []
        while let label = try reader.nextLabel() {
            guard labels.contains(label) else {
                // A private key is reported wherever it is in the text, so that its owner learns that it was
                // sent.
                if label.utf8.elementsEqual("PRIVATE KEY".utf8) || label.hasSuffix(" PRIVATE KEY") {
                    throw .privateKey(label: label)
                }
                throw .label(label, expected: labels[0])
            }
            blocks.append(Block(label: label, contents: try reader.contents(of: label)))
        }
        guard !blocks.isEmpty else { throw .notPEM(PEMFault.Form(text), labels: labels) }
        return blocks
    }

    /// The only block in `text`.
    public static func block(_ text: [UInt8], labels: [String]) throws(PEMFault) -> Block {
        let blocks = try blocks(text, labels: labels)
        guard blocks.count == 1 else { throw .several(blocks.count, label: labels[0]) }
        return blocks[0]
    }

    /// The contents of every block in `text`.
    public static func decode(_ text: [UInt8], labels: [String]) throws(PEMFault) -> [[UInt8]] {
        try blocks(text, labels: labels).map(\.contents)
    }

    /// Whether `bytes` of a file that may hold PEM or DER are DER. Text that begins with the digit 0 is not.
    public static func isDER(_ bytes: [UInt8]) -> Bool { !bytes.isEmpty && PEMFault.Form(bytes) == .der }
}
