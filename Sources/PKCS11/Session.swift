internal import CPKCS11

/// A handle to an object, valid in every session of this process until it logs out.
public struct ObjectHandle: Sendable, Hashable {
    let rawValue: UInt
}

/// An open session with a token. It is not copyable, so that it is closed once. It is not `Sendable`, so that
/// no two threads use it (PKCS#11 2.40, section 2.6.6: one thread uses a session at a time).
public struct Session: ~Copyable {
    let module: Module
    let handle: CK_SESSION_HANDLE
    private var isClosed = false

    /// Opens a session (`C_OpenSession`) with the token in `slot`; creating objects needs `isReadWrite`.
    public init(module: Module, slot: Slot, isReadWrite: Bool) throws(PKCS11Error) {
        var flags = CK_FLAGS(CKF_SERIAL_SESSION)
        if isReadWrite { flags |= CK_FLAGS(CKF_RW_SESSION) }
        var handle: CK_SESSION_HANDLE = 0
        let rv = unsafe signet_C_OpenSession(module.functions, CK_SLOT_ID(slot.identifier), flags, &handle)
        try PKCS11Error.check(.openSession, rv)
        self.module = module
        self.handle = handle
    }

    deinit {
        if !isClosed { _ = unsafe signet_C_CloseSession(module.functions, handle) }
    }

    /// Closes the session; throws when the token reports an error.
    public consuming func close() throws(PKCS11Error) {
        isClosed = true
        try PKCS11Error.check(.closeSession, unsafe signet_C_CloseSession(module.functions, handle))
    }

    /// Generates a key pair on the token (`C_GenerateKeyPair`). For token objects the session must be
    /// read-write.
    public func generateKeyPair(
        _ type: MechanismType, publicTemplate: AttributeTemplate, privateTemplate: AttributeTemplate
    ) throws(PKCS11Error) -> (publicKey: ObjectHandle, privateKey: ObjectHandle) {
        var publicKey: CK_OBJECT_HANDLE = 0
        var privateKey: CK_OBJECT_HANDLE = 0
        let rv = unsafe Mechanism(type).withC { mechanism in
            unsafe withAttributes(publicTemplate) { publicList, publicCount in
                unsafe withAttributes(privateTemplate) { privateList, privateCount in
                    unsafe signet_C_GenerateKeyPair(
                        module.functions, handle, mechanism, publicList, publicCount, privateList,
                        privateCount, &publicKey, &privateKey)
                }
            }
        }
        try PKCS11Error.check(.generateKeyPair, rv)
        return (ObjectHandle(rawValue: UInt(publicKey)), ObjectHandle(rawValue: UInt(privateKey)))
    }

    /// The objects that match all of `template` (`C_FindObjects`), at most `limit`.
    public func findObjects(_ template: AttributeTemplate, limit: Int) throws(PKCS11Error) -> [ObjectHandle] {
        let rv = unsafe withAttributes(template) { list, count in
            unsafe signet_C_FindObjectsInit(module.functions, handle, list, count)
        }
        try PKCS11Error.check(.findObjectsInit, rv)
        defer { _ = unsafe signet_C_FindObjectsFinal(module.functions, handle) }
        var found: [ObjectHandle] = []
        var batch = [CK_OBJECT_HANDLE](repeating: 0, count: limit)
        while found.count < limit {
            var count: CK_ULONG = 0
            let rv = unsafe signet_C_FindObjects(
                module.functions, handle, &batch, CK_ULONG(limit - found.count), &count)
            try PKCS11Error.check(.findObjects, rv)
            // PKCS#11 2.40, section 5.7: a count of zero means that there are no more.
            if count == 0 { break }
            // A module may return a larger count than was requested.
            let valid = min(count, CK_ULONG(limit - found.count))
            found += batch.prefix(Int(valid)).map { ObjectHandle(rawValue: UInt($0)) }
        }
        return found
    }

    /// The value of one attribute, in the token's encoding. Nil when the token does not have it or does not
    /// reveal it.
    public func attribute(_ type: AttributeType, of object: ObjectHandle) throws(PKCS11Error) -> [UInt8]? {
        // Enough for the longest public value, an RSA modulus of 16,384 bits. Asking for the length first
        // would leave an operation open on some tokens.
        var value = [UInt8](repeating: 0, count: 2048)
        var length: CK_ULONG = 0
        let rv = unsafe value.withUnsafeMutableBytes { buffer in
            var attribute = unsafe CK_ATTRIBUTE(
                type: CK_ATTRIBUTE_TYPE(type.rawValue), pValue: buffer.baseAddress,
                ulValueLen: CK_ULONG(buffer.count))
            let rv = unsafe signet_C_GetAttributeValue(
                module.functions, handle, CK_OBJECT_HANDLE(object.rawValue), &attribute, 1)
            length = unsafe attribute.ulValueLen
            return rv
        }
        let answer = ReturnValue(rawValue: UInt(rv))
        if answer == .attributeSensitive || answer == .attributeTypeInvalid { return nil }
        try PKCS11Error.check(.getAttributeValue, rv)
        // PKCS#11 2.40, section 5.7: the length is CK_UNAVAILABLE_INFORMATION.
        guard length <= CK_ULONG(value.count) else { return nil }
        return Array(value.prefix(Int(length)))
    }

    /// Signs `data` with one `C_SignInit` and one `C_Sign`. The buffer is large enough for every signature,
    /// so that no `CKR_BUFFER_TOO_SMALL` leaves the operation open.
    public func sign(
        _ data: [UInt8], with key: ObjectHandle, mechanism: Mechanism
    ) throws(PKCS11Error) -> [UInt8] {
        let begun = unsafe mechanism.withC {
            unsafe signet_C_SignInit(module.functions, handle, $0, CK_OBJECT_HANDLE(key.rawValue))
        }
        try PKCS11Error.check(.signInit, begun)
        var signature = [UInt8](repeating: 0, count: 1024)
        var length = CK_ULONG(signature.count)
        let rv = unsafe signet_C_Sign(
            module.functions, handle, data, CK_ULONG(data.count), &signature, &length)
        try PKCS11Error.check(.sign, rv)
        guard length <= CK_ULONG(signature.count) else {
            throw PKCS11Error(.sign, .generalError)
        }
        return Array(signature.prefix(Int(length)))
    }
}
