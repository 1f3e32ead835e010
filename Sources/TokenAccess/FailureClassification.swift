public import PKCS11
public import TokenProtocol

extension ReturnValue {
    /// The failure class of this return value, which decides how the daemon reacts. An unlisted value counts
    /// as a device failure, which makes the fewest assumptions.
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

    /// Like ``init(_:)``, but the token's profile can override the class.
    public init(_ error: PKCS11Error, _ profile: TokenProfile) {
        let own = profile.returnValues[UInt64(error.returnValue.rawValue)]
        self.init(own ?? error.returnValue.failureClass, error.description)
    }
}
