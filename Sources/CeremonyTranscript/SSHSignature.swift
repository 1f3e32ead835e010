internal import Foundation
public import PKIX

/// A signature that `ssh-keygen -Y sign` made (OpenSSH, PROTOCOL.sshsig). It is parsed to its end, and every octet
/// has one meaning.
public struct SSHSignature: Sendable, Hashable {
    /// Of the hash of the signed text.
    public enum Hash: String, Sendable, Hashable, CaseIterable {
        case sha256
        case sha512

        var digest: SHA2 { self == .sha256 ? .sha256 : .sha512 }
    }

    /// The namespace of transcripts. A signature in another namespace is refused.
    public static let namespace = "signet-ceremony"
    /// The most octets of a file.
    public static let mostOctets = 16_384

    private static let begin = "-----BEGIN SSH SIGNATURE-----"
    private static let end = "-----END SSH SIGNATURE-----"
    private static let magic = Array("SSHSIG".utf8)

    public let hash: Hash
    public let algorithm: SignatureAlgorithm
    /// As X.509 encodes it.
    public let signature: [UInt8]

    /// Whether a file claims to be such a signature.
    public static func isArmored(_ file: [UInt8]) -> Bool { file.starts(with: begin.utf8) }

    public init(armored file: [UInt8]) throws(TranscriptError) {
        guard file.count <= Self.mostOctets else { throw Self.fault("it is too long") }
        let lines = file.split(separator: UInt8(ascii: "\n")).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        guard lines.count >= 3, lines[0].elementsEqual(Self.begin.utf8),
            lines[lines.count - 1].elementsEqual(Self.end.utf8),
            let blob = Data(base64Encoded: Data(lines[1..<(lines.count - 1)].joined()))
        else { throw Self.fault("it is not between its first and last line in base64") }
        var reader = SSHReader(Array(blob))
        guard reader.octets(Self.magic.count) == Self.magic[...], reader.number() == 1,
            let _ = reader.string(), let namespace = reader.string(), let reserved = reader.string(),
            let hashName = reader.string(), let signed = reader.string(), reader.isAtEnd
        else { throw Self.fault("it is not as PROTOCOL.sshsig describes version 1") }
        guard namespace.elementsEqual(Self.namespace.utf8) else {
            throw Self.fault(
                "its namespace is `\(String(decoding: namespace, as: UTF8.self))` and must be `\(Self.namespace)`"
            )
        }
        guard reserved.isEmpty,
            let hash = Hash.allCases.first(where: { hashName.elementsEqual($0.rawValue.utf8) })
        else { throw Self.fault("it has another hash than sha256 and sha512, or a reserved member") }
        self.hash = hash
        (algorithm, signature) = try Self.signature(Array(signed))
    }

    /// The octets that the key signs for a text: PROTOCOL.sshsig, section 2.
    public static func signedOctets(_ text: [UInt8], _ hash: Hash) -> [UInt8] {
        magic + string(Array(namespace.utf8)) + string([]) + string(Array(hash.rawValue.utf8))
            + string(hash.digest.hash(text))
    }

    /// RFC 4253, section 6.6; RFC 5656, section 3.1.2; RFC 8332, section 3; RFC 8709, section 6.
    private static func signature(_ octets: [UInt8]) throws(TranscriptError) -> (SignatureAlgorithm, [UInt8])
    {
        var reader = SSHReader(octets)
        guard let name = reader.string(), let value = reader.string(), reader.isAtEnd else {
            throw fault("its signature has no name and value")
        }
        let text = String(decoding: name, as: UTF8.self)
        switch text {
        case "ssh-ed25519": return (.ed25519, Array(value))
        case "rsa-sha2-256": return (.rsaPKCS1(.sha256), Array(value))
        case "rsa-sha2-512": return (.rsaPKCS1(.sha512), Array(value))
        case "ecdsa-sha2-nistp256": return (.ecdsa(.sha256), try ecdsa(Array(value), coordinateBytes: 32))
        case "ecdsa-sha2-nistp384": return (.ecdsa(.sha384), try ecdsa(Array(value), coordinateBytes: 48))
        case "ecdsa-sha2-nistp521": return (.ecdsa(.sha512), try ecdsa(Array(value), coordinateBytes: 66))
        default: throw fault("it is of a kind that transcripts do not have, `\(text)`")
        }
    }

    private static func ecdsa(_ octets: [UInt8], coordinateBytes: Int) throws(TranscriptError) -> [UInt8] {
        var reader = SSHReader(octets)
        guard let r = reader.string(), let s = reader.string(), reader.isAtEnd else {
            throw fault("its ECDSA signature has not two numbers")
        }
        var concatenation: [UInt8] = []
        for number in [r, s] {
            let digits = number.drop { $0 == 0 }
            guard digits.count <= coordinateBytes else { throw fault("its ECDSA signature is too long") }
            concatenation += Array(repeating: 0, count: coordinateBytes - digits.count) + digits
        }
        guard
            let der = ECDSASignature.der(
                fromConcatenation: concatenation, coordinateBytes: coordinateBytes)
        else { throw fault("its ECDSA signature has a number that is zero") }
        return der
    }

    private static func string(_ octets: [UInt8]) -> [UInt8] {
        let count = UInt32(octets.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + octets
    }

    private static func fault(_ reason: String) -> TranscriptError {
        .malformed("the SSH signature cannot be used: \(reason)")
    }
}

/// RFC 4251, section 5: numbers and strings.
private struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ octets: [UInt8]) { rest = octets[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func octets(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number() -> UInt32? { octets(4)?.reduce(0) { $0 << 8 | UInt32($1) } }

    mutating func string() -> ArraySlice<UInt8>? {
        guard let count = number() else { return nil }
        return octets(Int(count))
    }
}
