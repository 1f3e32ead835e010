internal import CPKCS11

/// Cheap calls that show whether a session is alive.
extension Session {
    /// What the module says of the session (`C_GetSessionInfo`): the token's own error number, 0 for none.
    public func deviceError() throws(PKCS11Error) -> UInt {
        var info = CK_SESSION_INFO()
        try PKCS11Error.check(
            .getSessionInfo, unsafe signet_C_GetSessionInfo(module.functions, handle, &info))
        return UInt(info.ulDeviceError)
    }

    /// Asks the token for one random byte (`C_GenerateRandom`), which no module answers by itself.
    public func drawRandomByte() throws(PKCS11Error) {
        var byte: UInt8 = 0
        try PKCS11Error.check(
            .generateRandom, unsafe signet_C_GenerateRandom(module.functions, handle, &byte, 1))
    }
}

extension Session {
    /// Begins to sign, and leaves it at that (`C_SignInit`): for probes of what a module does then.
    public func beginToSign(with key: ObjectHandle, mechanism: Mechanism) throws(PKCS11Error) {
        let rv = unsafe mechanism.withC {
            unsafe signet_C_SignInit(module.functions, handle, $0, CK_OBJECT_HANDLE(key.rawValue))
        }
        try PKCS11Error.check(.signInit, rv)
    }

    /// Gives up an operation as PKCS#11 3.0 has it (section 5.13.1: `C_SignInit` with a null mechanism).
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
