import Foundation
import TestSupport

@testable import PKCS11

/// A token for exit tests: the test creates it and the child process opens it.
struct TokenProcess: Codable, Sendable {
    struct Problem: Error { let text: String }

    let directory: String
    let faultyModule: String

    /// The token of `softHSM`, optionally behind `CFaultyModule` with a script.
    init(_ softHSM: SoftHSM, script: String? = nil) throws {
        directory = softHSM.directory.path
        faultyModule = script == nil ? "" : Products.path("libCFaultyModule.so")
        if let script { try softHSM.directory.write("script", script + "\n") }
    }

    /// In the child: initializes the module.
    func module() throws -> Module {
        setenv("SOFTHSM2_CONF", directory + "/softhsm2.conf", 1)
        guard !faultyModule.isEmpty else { return try Module(path: SoftHSM.modulePath) }
        setenv("SIGNET_FAULTY_MODULE", SoftHSM.modulePath, 1)
        setenv("SIGNET_FAULTY_CONTROL", directory + "/script", 1)
        return try Module(path: faultyModule)
    }

    func slot(_ module: Module) throws -> Slot {
        guard let match = try TokenURI(SoftHSM.uri).matchingSlots(in: module).first else {
            throw Problem(text: "no token")
        }
        return match.slot
    }

    /// In the child: returns a logged-in session.
    func session() throws -> Session {
        let module = try module()
        let session = try Session(module: module, slot: try slot(module), isReadWrite: true)
        try session.logIn(.user, pin: try Self.secret(SoftHSM.pin))
        return session
    }

    static func secret(_ text: String) throws -> SecretBytes {
        try SecretBytes.test(text.utf8)
    }
}

extension Session {
    static let curve: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
    static let digest = [UInt8](repeating: 7, count: 32)

    /// A P-256 key that exists in this session only.
    borrowing func key() throws(PKCS11Error) -> (publicKey: ObjectHandle, privateKey: ObjectHandle) {
        try generateKeyPair(
            .ecKeyPairGen,
            publicTemplate: [
                (.token, .boolean(false)), (.verify, .boolean(true)), (.ecParameters, .bytes(Self.curve)),
                (.identifier, .bytes([1, 2, 3])),
            ],
            privateTemplate: [
                (.token, .boolean(false)), (.sign, .boolean(true)), (.sensitive, .boolean(true)),
                (.extractable, .boolean(false)), (.copyable, .boolean(false)),
                (.modifiable, .boolean(false)), (.identifier, .bytes([1, 2, 3])),
            ])
    }

    borrowing func signature(_ key: ObjectHandle) throws(PKCS11Error) -> [UInt8] {
        try sign(Self.digest, with: key, mechanism: Mechanism(.ecdsa))
    }

    /// The error of `body`; nil if it succeeds.
    static func failure(_ body: () throws(PKCS11Error) -> Void) -> PKCS11Error? {
        do {
            try body()
            return nil
        } catch { return error }
    }
}
