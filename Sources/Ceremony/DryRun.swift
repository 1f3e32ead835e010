internal import CeremonyTranscript
internal import Crypto
internal import Foundation
public import JSON
internal import PKIX
internal import TokenOffice
internal import TokenProtocol

/// Rehearses every step of a ceremony on a temporary SoftHSM token with temporary keys.
public enum DryRun {
    public static let softHSM = [
        "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    ]

    /// Sets SOFTHSM2_CONF of this process, so the caller must not load another module afterwards.
    /// - Returns: the prediction for each step of the real run
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
            // A replacement for the existing key of the real run.
            _ = try token.generateKeyPair(
                file.key.kind, identifier: file.key.identifier, label: "stand-in", isDestroyable: false)
        }
        let writer = try TranscriptWriter(path: nil, show: { _ in })
        let run = CeremonyRun(file, isDryRun: true, writer: writer)
        _ = try run.perform(at: token, pin: "file", moduleDigest: "")
        return writer.transcript.entries.filter { $0.step != .signature }.map(\.prediction)
    }
}
