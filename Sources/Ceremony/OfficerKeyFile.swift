internal import PKIX
internal import TrustedPaths
public import X509

/// The file with an officer's own private key. A reader of the file can confirm a ceremony in the officer's
/// name.
public enum OfficerKeyFile {
    /// - Throws: unless the file belongs to the caller or to root and is closed to every other user
    public static func read(_ path: String, of name: String) throws -> Certificate.PrivateKey {
        let pem: [UInt8]
        do { pem = try PrivateFile.read(path) } catch {
            throw CeremonyError.officerKey(name: name, reason: "`\(path)` \(error)")
        }
        do throws(PublicKeyFault) { return try PEMKey.privateKey(pem: pem) } catch {
            throw CeremonyError.officerKey(name: name, reason: "`\(path)` \(error)")
        }
    }
}
