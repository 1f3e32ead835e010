public import PKCS11
public import TokenProtocol

extension ReturnValue {
    /// What the daemon must do about this return value. A value that is not listed counts as an ill device: the
    /// treatment that assumes least.
    public var failureClass: FailureClass {
        switch self {
        case .argumentsBad, .attributeReadOnly, .attributeTypeInvalid, .attributeValueInvalid,
            .actionProhibited,
            .dataInvalid, .dataLengthRange, .functionNotSupported, .keySizeRange, .keyTypeInconsistent,
            .keyFunctionNotPermitted, .mechanismInvalid, .mechanismParamInvalid, .templateIncomplete,
            .templateInconsistent, .tokenWriteProtected, .domainParamsInvalid, .curveNotSupported:
            .request
        case .sessionClosed, .sessionHandleInvalid, .operationActive, .operationNotInitialized: .session
        case .userNotLoggedIn, .keyHandleInvalid, .objectHandleInvalid: .login
        case .sessionCount, .deviceMemory, .hostMemory, .tokenResourceExceeded: .capacity
        case .pinIncorrect, .pinInvalid, .pinLengthRange, .pinExpired, .pinLocked, .userPINNotInitialized,
            .userTypeInvalid, .pinTooWeak:
            .credentials
        case .fipsSelfTestFailed, .libraryLoadFailed, .cannotLock, .cryptokiAlreadyInitialized: .fatal
        default: .device
        }
    }
}

extension WorkerFailure {
    public init(_ error: PKCS11Error) {
        self.init(error.returnValue.failureClass, error.description)
    }

    /// As ``init(_:)``, unless the token's profile knows better what the value means there.
    public init(_ error: PKCS11Error, _ profile: TokenProfile) {
        let own = profile.returnValues[UInt64(error.returnValue.rawValue)]
        self.init(own ?? error.returnValue.failureClass, error.description)
    }
}
