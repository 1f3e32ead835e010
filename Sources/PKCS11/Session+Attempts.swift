internal import CPKCS11

/// Forbidden uses of a key, which must fail. Each attempt returns the token's return value. Setting and
/// copying can have an effect on a token that allows them: the change itself, or on some tokens a change of
/// the original.
extension Session {
    /// Reads an attribute (`C_GetAttributeValue`); the value is wiped and not returned.
    public func attemptToRead(_ type: AttributeType, of object: ObjectHandle) -> ReturnValue {
        var value = [UInt8](repeating: 0, count: 4096)
        let rv = unsafe value.withUnsafeMutableBytes { buffer in
            var attribute = unsafe CK_ATTRIBUTE(
                type: CK_ATTRIBUTE_TYPE(type.rawValue), pValue: buffer.baseAddress,
                ulValueLen: CK_ULONG(buffer.count))
            let rv = unsafe signet_C_GetAttributeValue(
                module.functions, handle, CK_OBJECT_HANDLE(object.rawValue), &attribute, 1)
            unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return rv
        }
        return ReturnValue(rawValue: UInt(rv))
    }

    /// Copies the object with other attributes (`C_CopyObject`). A copy that is created is destroyed at once.
    public func attemptToCopy(_ object: ObjectHandle, with template: AttributeTemplate) -> ReturnValue {
        var copy: CK_OBJECT_HANDLE = 0
        let rv = unsafe withAttributes(template) { list, count in
            unsafe signet_C_CopyObject(
                module.functions, handle, CK_OBJECT_HANDLE(object.rawValue), list, count, &copy)
        }
        // NSS softokn returns the original as its copy.
        let answer = ReturnValue(rawValue: UInt(rv))
        if answer == .ok, UInt(copy) != object.rawValue {
            _ = unsafe signet_C_DestroyObject(module.functions, handle, copy)
        }
        return answer
    }

    /// Sets attributes (`C_SetAttributeValue`).
    public func attemptToSet(_ template: AttributeTemplate, of object: ObjectHandle) -> ReturnValue {
        let rv = unsafe withAttributes(template) { list, count in
            unsafe signet_C_SetAttributeValue(
                module.functions, handle, CK_OBJECT_HANDLE(object.rawValue), list, count)
        }
        return ReturnValue(rawValue: UInt(rv))
    }

    /// Wraps the key with an AES key that is generated for it in this session (`C_GenerateKey`, `C_WrapKey`).
    public func attemptToWrap(_ key: ObjectHandle) -> ReturnValue {
        var generation = unsafe CK_MECHANISM()
        unsafe generation.mechanism = CK_MECHANISM_TYPE(MechanismType.aesKeyGen.rawValue)
        var wrappingKey: CK_OBJECT_HANDLE = 0
        let template: AttributeTemplate = [
            (.token, .boolean(false)), (.wrap, .boolean(true)), (.valueLength, .number(32)),
        ]
        let made = unsafe withAttributes(template) { list, count in
            unsafe signet_C_GenerateKey(module.functions, handle, &generation, list, count, &wrappingKey)
        }
        let generated = ReturnValue(rawValue: UInt(made))
        guard generated == .ok else { return generated }
        defer { _ = unsafe signet_C_DestroyObject(module.functions, handle, wrappingKey) }
        var mechanism = unsafe CK_MECHANISM()
        unsafe mechanism.mechanism = CK_MECHANISM_TYPE(MechanismType.aesKeyWrapPad.rawValue)
        var wrapped = [UInt8](repeating: 0, count: 8192)
        var length = CK_ULONG(wrapped.count)
        let rv = unsafe signet_C_WrapKey(
            module.functions, handle, &mechanism, wrappingKey, CK_OBJECT_HANDLE(key.rawValue), &wrapped,
            &length)
        return ReturnValue(rawValue: UInt(rv))
    }

    /// Begins to decrypt with the key (`C_DecryptInit`). If that succeeds, the operation stays open; close
    /// the session.
    public func attemptToDecrypt(with key: ObjectHandle, mechanism type: MechanismType) -> ReturnValue {
        let rv = unsafe Mechanism(type).withC {
            unsafe signet_C_DecryptInit(module.functions, handle, $0, CK_OBJECT_HANDLE(key.rawValue))
        }
        return ReturnValue(rawValue: UInt(rv))
    }
}
