internal import CeremonyTranscript
internal import Crypto
internal import Foundation
public import JSON
internal import PKIX
internal import TokenOffice
internal import TokenProtocol

/// A ceremony on a throwaway SoftHSM token: every step of the real one, with keys that are thrown away.
public enum DryRun {
    public static let softHSM = [
        "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    ]

    /// Sets SOFTHSM2_CONF of this process: the caller loads no other module afterwards.
    /// - Returns: what each step of the real run must look like
    public static func predict(_ file: CeremonyFile) throws -> [JSONValue] {
        guard let module = softHSM.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw CeremonyError.notProven("SoftHSM is not there; install softhsm2 for the dry run")
        }
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "signet-\(UUID().uuidString)")
        let tokens = directory.appendingPathComponent("tokens")
        try FileManager.default.createDirectory(
            at: tokens, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: directory) }
        let configuration = directory.appendingPathComponent("softhsm2.conf").path
        try Data(
            "directories.tokendir = \(tokens.path)\nobjectstore.backend = file\nlog.level = ERROR\n".utf8
        )
        .write(to: URL(fileURLWithPath: configuration))
        let pin = directory.appendingPathComponent("pin").path
        let isWritten = FileManager.default.createFile(
            atPath: pin, contents: Data(UUID().uuidString.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten, unsafe setenv("SOFTHSM2_CONF", configuration, 1) == 0 else {
            throw CeremonyError.notProven("the dry run cannot write to \(directory.path)")
        }
        let location = ModuleLocation(path: module)
        let label = "signet-dry-run"
        _ = try Officer.initialize(
            location, profile: .standard, slot: nil, label: label, officerPIN: .file(pin), userPIN: .file(pin)
        )
        let token = try CeremonyToken(
            .init(module: location, tokenURI: "pkcs11:token=\(label)", pin: .file(pin), sessions: 1))
        if !file.action.makesKey {
            // A stand-in for the key that is there at the real run.
            _ = try token.generateKeyPair(
                file.key.kind, identifier: file.key.identifier, label: "stand-in", isDestroyable: false)
        }
        let writer = try TranscriptWriter(path: nil, show: { _ in })
        let run = CeremonyRun(file, isDryRun: true, writer: writer)
        _ = try run.perform(at: token, pin: "file", moduleDigest: "")
        return writer.transcript.entries.filter { $0.step != .signature }.map(\.prediction)
    }
}
