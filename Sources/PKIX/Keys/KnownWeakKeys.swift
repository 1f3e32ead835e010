internal import Crypto
internal import Identifiers

/// RSA keys whose private keys are known, such as those of Debian's broken random generator (CVE-2008-0166),
/// by fingerprint.
public struct KnownWeakKeys: Sendable {
    /// The last eight octets of each fingerprint.
    private var fingerprints: Set<UInt64> = []

    public static let none = KnownWeakKeys()

    private init() {}

    public var count: Int { fingerprints.count }

    /// Reads a list in the format of Debian's `openssl-blacklist`. Each line has the last twenty hexadecimal
    /// digits of the SHA-1 of `Modulus=…` (as `openssl rsa -modulus` prints it, with its line end). Lines
    /// that begin with `#` are comments.
    /// - Throws: the number of the first malformed line
    public init(list: String) throws(MalformedLine) {
        for (index, line) in list.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard line.utf8.count == 20, let number = UInt64(line.suffix(16), radix: 16),
                line.allSatisfy(\.isHexDigit)
            else { throw MalformedLine(number: index + 1) }
            fingerprints.insert(number)
        }
    }

    public struct MalformedLine: Error {
        /// The number of the line, from 1.
        public let number: Int
    }

    func contains(modulus: some Collection<UInt8>) -> Bool {
        guard !fingerprints.isEmpty else { return false }
        let text = "Modulus=\(hexadecimal(Array(modulus)).uppercased())\n"
        let digest = Insecure.SHA1.hash(data: Array(text.utf8))
        return fingerprints.contains(digest.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
