internal import CPKCS11

/// Cheap calls that show whether a session is still valid.
extension Session {
    /// The token's own error number for the session, 0 for none (`C_GetSessionInfo`).
    public func deviceError() throws(PKCS11Error) -> UInt {
        var info = CK_SESSION_INFO()
        try PKCS11Error.check(
            .getSessionInfo, unsafe signet_C_GetSessionInfo(module.functions, handle, &info))
        return UInt(info.ulDeviceError)
    }

    /// Asks the token for one random byte (`C_GenerateRandom`). No module answers this call without the
    /// token.
    public func drawRandomByte() throws(PKCS11Error) {
        var byte: UInt8 = 0
        try PKCS11Error.check(
            .generateRandom, unsafe signet_C_GenerateRandom(module.functions, handle, &byte, 1))
    }
}

extension Session {
    /// Begins to sign and leaves the operation open (`C_SignInit`), for probes of a module's behavior.
    public func beginToSign(with key: ObjectHandle, mechanism: Mechanism) throws(PKCS11Error) {
        let rv = unsafe mechanism.withC {
            unsafe signet_C_SignInit(module.functions, handle, $0, CK_OBJECT_HANDLE(key.rawValue))
        }
        try PKCS11Error.check(.signInit, rv)
    }

    /// Cancels an operation (PKCS#11 3.0, section 5.13.1: `C_SignInit` with a null mechanism).
    public func cancelSigning() throws(PKCS11Error) {
        try PKCS11Error.check(.signInit, unsafe signet_C_SignInit(module.functions, handle, nil, 0))
    }

    /// Destroys an object (`C_DestroyObject`).
    public func destroy(_ object: ObjectHandle) throws(PKCS11Error) {
        try PKCS11Error.check(
            .destroyObject,
            unsafe signet_C_DestroyObject(module.functions, handle, CK_OBJECT_HANDLE(object.rawValue)))
    }
}
