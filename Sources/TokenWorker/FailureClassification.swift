internal import PKCS11
internal import TokenProtocol

extension ReturnValue {
    /// What the daemon must do about this return value. A value that is not listed counts as an ill device: the
    /// treatment that assumes least.
    var failureClass: FailureClass {
        switch rawValue {
        // CKR_ARGUMENTS_BAD, CKR_DATA_*, CKR_MECHANISM_*, CKR_KEY_*, CKR_TEMPLATE_*, CKR_ATTRIBUTE_*,
        // CKR_FUNCTION_NOT_SUPPORTED, CKR_ACTION_PROHIBITED, CKR_DOMAIN_PARAMS_INVALID,
        // CKR_CURVE_NOT_SUPPORTED
        case 0x7, 0x10, 0x12, 0x13, 0x1B, 0x20, 0x21, 0x54, 0x62, 0x63, 0x68, 0x70, 0x71, 0xD0, 0xD1, 0xE2,
            0x130,
            0x140:
            .request
        // CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID, CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED
        case 0xB0, 0xB3, 0x90, 0x91: .session
        // CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID
        case 0x101, 0x60, 0x82: .login
        // CKR_SESSION_COUNT, CKR_DEVICE_MEMORY, CKR_HOST_MEMORY, CKR_TOKEN_RESOURCE_EXCEEDED
        case 0xB1, 0x31, 0x2, 0x201: .capacity
        // CKR_PIN_*, CKR_USER_PIN_NOT_INITIALIZED, CKR_USER_TYPE_INVALID, CKR_PIN_TOO_WEAK
        case 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0x102, 0x103, 0x1B8: .credentials
        // CKR_FIPS_SELF_TEST_FAILED, CKR_LIBRARY_LOAD_FAILED, CKR_CANT_LOCK, CKR_CRYPTOKI_ALREADY_INITIALIZED
        case 0x1B6, 0x1B7, 0xA, 0x191: .fatal
        default: .device
        }
    }
}

extension WorkerFailure {
    init(_ error: PKCS11Error) {
        self.init(error.returnValue.failureClass, error.description)
    }

    /// As ``init(_:)``, unless the token's profile knows better what the value means there.
    init(_ error: PKCS11Error, _ profile: TokenProfile) {
        let own = profile.returnValues[UInt64(error.returnValue.rawValue)]
        self.init(own ?? error.returnValue.failureClass, error.description)
    }
}
