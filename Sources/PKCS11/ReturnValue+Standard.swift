internal import CPKCS11

/// The return values of PKCS#11 3.1, section 5.1.
extension ReturnValue {
    public static let ok = ReturnValue(rawValue: CKR_OK)
    public static let cancel = ReturnValue(rawValue: CKR_CANCEL)
    public static let hostMemory = ReturnValue(rawValue: CKR_HOST_MEMORY)
    public static let slotIDInvalid = ReturnValue(rawValue: CKR_SLOT_ID_INVALID)
    public static let generalError = ReturnValue(rawValue: CKR_GENERAL_ERROR)
    public static let functionFailed = ReturnValue(rawValue: CKR_FUNCTION_FAILED)
    public static let argumentsBad = ReturnValue(rawValue: CKR_ARGUMENTS_BAD)
    public static let noEvent = ReturnValue(rawValue: CKR_NO_EVENT)
    public static let needToCreateThreads = ReturnValue(rawValue: CKR_NEED_TO_CREATE_THREADS)
    public static let cannotLock = ReturnValue(rawValue: CKR_CANT_LOCK)
    public static let attributeReadOnly = ReturnValue(rawValue: CKR_ATTRIBUTE_READ_ONLY)
    public static let attributeSensitive = ReturnValue(rawValue: CKR_ATTRIBUTE_SENSITIVE)
    public static let attributeTypeInvalid = ReturnValue(rawValue: CKR_ATTRIBUTE_TYPE_INVALID)
    public static let attributeValueInvalid = ReturnValue(rawValue: CKR_ATTRIBUTE_VALUE_INVALID)
    public static let actionProhibited = ReturnValue(rawValue: CKR_ACTION_PROHIBITED)
    public static let dataInvalid = ReturnValue(rawValue: CKR_DATA_INVALID)
    public static let dataLengthRange = ReturnValue(rawValue: CKR_DATA_LEN_RANGE)
    public static let deviceError = ReturnValue(rawValue: CKR_DEVICE_ERROR)
    public static let deviceMemory = ReturnValue(rawValue: CKR_DEVICE_MEMORY)
    public static let deviceRemoved = ReturnValue(rawValue: CKR_DEVICE_REMOVED)
    public static let encryptedDataInvalid = ReturnValue(rawValue: CKR_ENCRYPTED_DATA_INVALID)
    public static let encryptedDataLengthRange = ReturnValue(rawValue: CKR_ENCRYPTED_DATA_LEN_RANGE)
    public static let functionCanceled = ReturnValue(rawValue: CKR_FUNCTION_CANCELED)
    public static let functionNotParallel = ReturnValue(rawValue: CKR_FUNCTION_NOT_PARALLEL)
    public static let functionNotSupported = ReturnValue(rawValue: CKR_FUNCTION_NOT_SUPPORTED)
    public static let keyHandleInvalid = ReturnValue(rawValue: CKR_KEY_HANDLE_INVALID)
    public static let keySizeRange = ReturnValue(rawValue: CKR_KEY_SIZE_RANGE)
    public static let keyTypeInconsistent = ReturnValue(rawValue: CKR_KEY_TYPE_INCONSISTENT)
    public static let keyNotNeeded = ReturnValue(rawValue: CKR_KEY_NOT_NEEDED)
    public static let keyChanged = ReturnValue(rawValue: CKR_KEY_CHANGED)
    public static let keyNeeded = ReturnValue(rawValue: CKR_KEY_NEEDED)
    public static let keyIndigestible = ReturnValue(rawValue: CKR_KEY_INDIGESTIBLE)
    public static let keyFunctionNotPermitted = ReturnValue(rawValue: CKR_KEY_FUNCTION_NOT_PERMITTED)
    public static let keyNotWrappable = ReturnValue(rawValue: CKR_KEY_NOT_WRAPPABLE)
    public static let keyUnextractable = ReturnValue(rawValue: CKR_KEY_UNEXTRACTABLE)
    public static let mechanismInvalid = ReturnValue(rawValue: CKR_MECHANISM_INVALID)
    public static let mechanismParamInvalid = ReturnValue(rawValue: CKR_MECHANISM_PARAM_INVALID)
    public static let objectHandleInvalid = ReturnValue(rawValue: CKR_OBJECT_HANDLE_INVALID)
    public static let operationActive = ReturnValue(rawValue: CKR_OPERATION_ACTIVE)
    public static let operationNotInitialized = ReturnValue(rawValue: CKR_OPERATION_NOT_INITIALIZED)
    public static let pinIncorrect = ReturnValue(rawValue: CKR_PIN_INCORRECT)
    public static let pinInvalid = ReturnValue(rawValue: CKR_PIN_INVALID)
    public static let pinLengthRange = ReturnValue(rawValue: CKR_PIN_LEN_RANGE)
    public static let pinExpired = ReturnValue(rawValue: CKR_PIN_EXPIRED)
    public static let pinLocked = ReturnValue(rawValue: CKR_PIN_LOCKED)
    public static let sessionClosed = ReturnValue(rawValue: CKR_SESSION_CLOSED)
    public static let sessionCount = ReturnValue(rawValue: CKR_SESSION_COUNT)
    public static let sessionHandleInvalid = ReturnValue(rawValue: CKR_SESSION_HANDLE_INVALID)
    public static let sessionParallelNotSupported = ReturnValue(rawValue: CKR_SESSION_PARALLEL_NOT_SUPPORTED)
    public static let sessionReadOnly = ReturnValue(rawValue: CKR_SESSION_READ_ONLY)
    public static let sessionExists = ReturnValue(rawValue: CKR_SESSION_EXISTS)
    public static let sessionReadOnlyExists = ReturnValue(rawValue: CKR_SESSION_READ_ONLY_EXISTS)
    public static let sessionReadWriteSOExists = ReturnValue(rawValue: CKR_SESSION_READ_WRITE_SO_EXISTS)
    public static let signatureInvalid = ReturnValue(rawValue: CKR_SIGNATURE_INVALID)
    public static let signatureLengthRange = ReturnValue(rawValue: CKR_SIGNATURE_LEN_RANGE)
    public static let templateIncomplete = ReturnValue(rawValue: CKR_TEMPLATE_INCOMPLETE)
    public static let templateInconsistent = ReturnValue(rawValue: CKR_TEMPLATE_INCONSISTENT)
    public static let tokenNotPresent = ReturnValue(rawValue: CKR_TOKEN_NOT_PRESENT)
    public static let tokenNotRecognized = ReturnValue(rawValue: CKR_TOKEN_NOT_RECOGNIZED)
    public static let tokenWriteProtected = ReturnValue(rawValue: CKR_TOKEN_WRITE_PROTECTED)
    public static let unwrappingKeyHandleInvalid = ReturnValue(rawValue: CKR_UNWRAPPING_KEY_HANDLE_INVALID)
    public static let unwrappingKeySizeRange = ReturnValue(rawValue: CKR_UNWRAPPING_KEY_SIZE_RANGE)
    public static let unwrappingKeyTypeInconsistent = ReturnValue(
        rawValue: CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT)
    public static let userAlreadyLoggedIn = ReturnValue(rawValue: CKR_USER_ALREADY_LOGGED_IN)
    public static let userNotLoggedIn = ReturnValue(rawValue: CKR_USER_NOT_LOGGED_IN)
    public static let userPINNotInitialized = ReturnValue(rawValue: CKR_USER_PIN_NOT_INITIALIZED)
    public static let userTypeInvalid = ReturnValue(rawValue: CKR_USER_TYPE_INVALID)
    public static let userAnotherAlreadyLoggedIn = ReturnValue(rawValue: CKR_USER_ANOTHER_ALREADY_LOGGED_IN)
    public static let userTooManyTypes = ReturnValue(rawValue: CKR_USER_TOO_MANY_TYPES)
    public static let wrappedKeyInvalid = ReturnValue(rawValue: CKR_WRAPPED_KEY_INVALID)
    public static let wrappedKeyLengthRange = ReturnValue(rawValue: CKR_WRAPPED_KEY_LEN_RANGE)
    public static let wrappingKeyHandleInvalid = ReturnValue(rawValue: CKR_WRAPPING_KEY_HANDLE_INVALID)
    public static let wrappingKeySizeRange = ReturnValue(rawValue: CKR_WRAPPING_KEY_SIZE_RANGE)
    public static let wrappingKeyTypeInconsistent = ReturnValue(rawValue: CKR_WRAPPING_KEY_TYPE_INCONSISTENT)
    public static let randomSeedNotSupported = ReturnValue(rawValue: CKR_RANDOM_SEED_NOT_SUPPORTED)
    public static let randomNoRNG = ReturnValue(rawValue: CKR_RANDOM_NO_RNG)
    public static let domainParamsInvalid = ReturnValue(rawValue: CKR_DOMAIN_PARAMS_INVALID)
    public static let curveNotSupported = ReturnValue(rawValue: CKR_CURVE_NOT_SUPPORTED)
    public static let bufferTooSmall = ReturnValue(rawValue: CKR_BUFFER_TOO_SMALL)
    public static let savedStateInvalid = ReturnValue(rawValue: CKR_SAVED_STATE_INVALID)
    public static let informationSensitive = ReturnValue(rawValue: CKR_INFORMATION_SENSITIVE)
    public static let stateUnsaveable = ReturnValue(rawValue: CKR_STATE_UNSAVEABLE)
    public static let cryptokiNotInitialized = ReturnValue(rawValue: CKR_CRYPTOKI_NOT_INITIALIZED)
    public static let cryptokiAlreadyInitialized = ReturnValue(rawValue: CKR_CRYPTOKI_ALREADY_INITIALIZED)
    public static let mutexBad = ReturnValue(rawValue: CKR_MUTEX_BAD)
    public static let mutexNotLocked = ReturnValue(rawValue: CKR_MUTEX_NOT_LOCKED)
    public static let newPINMode = ReturnValue(rawValue: CKR_NEW_PIN_MODE)
    public static let nextOTP = ReturnValue(rawValue: CKR_NEXT_OTP)
    public static let functionRejected = ReturnValue(rawValue: CKR_FUNCTION_REJECTED)

    /// The least vendor-defined value. The header's macro is not visible in Swift.
    static let vendorDefined = ReturnValue(rawValue: 0x8000_0000)

    // p11-kit's header has other numbers for the first five and lacks the last three. These are from the
    // header of PKCS#11 3.1 (OASIS, pkcs11t.h).
    public static let exceededMaxIterations = ReturnValue(rawValue: 0x1B5)
    public static let fipsSelfTestFailed = ReturnValue(rawValue: 0x1B6)
    public static let libraryLoadFailed = ReturnValue(rawValue: 0x1B7)
    public static let pinTooWeak = ReturnValue(rawValue: 0x1B8)
    public static let publicKeyInvalid = ReturnValue(rawValue: 0x1B9)
    public static let tokenResourceExceeded = ReturnValue(rawValue: 0x201)
    public static let operationCancelFailed = ReturnValue(rawValue: 0x202)
    public static let keyExhausted = ReturnValue(rawValue: 0x203)

    /// The standard's name of each value.
    static let names: [ReturnValue: String] = [
        ok: "CKR_OK",
        cancel: "CKR_CANCEL",
        hostMemory: "CKR_HOST_MEMORY",
        slotIDInvalid: "CKR_SLOT_ID_INVALID",
        generalError: "CKR_GENERAL_ERROR",
        functionFailed: "CKR_FUNCTION_FAILED",
        argumentsBad: "CKR_ARGUMENTS_BAD",
        noEvent: "CKR_NO_EVENT",
        needToCreateThreads: "CKR_NEED_TO_CREATE_THREADS",
        cannotLock: "CKR_CANT_LOCK",
        attributeReadOnly: "CKR_ATTRIBUTE_READ_ONLY",
        attributeSensitive: "CKR_ATTRIBUTE_SENSITIVE",
        attributeTypeInvalid: "CKR_ATTRIBUTE_TYPE_INVALID",
        attributeValueInvalid: "CKR_ATTRIBUTE_VALUE_INVALID",
        actionProhibited: "CKR_ACTION_PROHIBITED",
        dataInvalid: "CKR_DATA_INVALID",
        dataLengthRange: "CKR_DATA_LEN_RANGE",
        deviceError: "CKR_DEVICE_ERROR",
        deviceMemory: "CKR_DEVICE_MEMORY",
        deviceRemoved: "CKR_DEVICE_REMOVED",
        encryptedDataInvalid: "CKR_ENCRYPTED_DATA_INVALID",
        encryptedDataLengthRange: "CKR_ENCRYPTED_DATA_LEN_RANGE",
        functionCanceled: "CKR_FUNCTION_CANCELED",
        functionNotParallel: "CKR_FUNCTION_NOT_PARALLEL",
        functionNotSupported: "CKR_FUNCTION_NOT_SUPPORTED",
        keyHandleInvalid: "CKR_KEY_HANDLE_INVALID",
        keySizeRange: "CKR_KEY_SIZE_RANGE",
        keyTypeInconsistent: "CKR_KEY_TYPE_INCONSISTENT",
        keyNotNeeded: "CKR_KEY_NOT_NEEDED",
        keyChanged: "CKR_KEY_CHANGED",
        keyNeeded: "CKR_KEY_NEEDED",
        keyIndigestible: "CKR_KEY_INDIGESTIBLE",
        keyFunctionNotPermitted: "CKR_KEY_FUNCTION_NOT_PERMITTED",
        keyNotWrappable: "CKR_KEY_NOT_WRAPPABLE",
        keyUnextractable: "CKR_KEY_UNEXTRACTABLE",
        mechanismInvalid: "CKR_MECHANISM_INVALID",
        mechanismParamInvalid: "CKR_MECHANISM_PARAM_INVALID",
        objectHandleInvalid: "CKR_OBJECT_HANDLE_INVALID",
        operationActive: "CKR_OPERATION_ACTIVE",
        operationNotInitialized: "CKR_OPERATION_NOT_INITIALIZED",
        pinIncorrect: "CKR_PIN_INCORRECT",
        pinInvalid: "CKR_PIN_INVALID",
        pinLengthRange: "CKR_PIN_LEN_RANGE",
        pinExpired: "CKR_PIN_EXPIRED",
        pinLocked: "CKR_PIN_LOCKED",
        sessionClosed: "CKR_SESSION_CLOSED",
        sessionCount: "CKR_SESSION_COUNT",
        sessionHandleInvalid: "CKR_SESSION_HANDLE_INVALID",
        sessionParallelNotSupported: "CKR_SESSION_PARALLEL_NOT_SUPPORTED",
        sessionReadOnly: "CKR_SESSION_READ_ONLY",
        sessionExists: "CKR_SESSION_EXISTS",
        sessionReadOnlyExists: "CKR_SESSION_READ_ONLY_EXISTS",
        sessionReadWriteSOExists: "CKR_SESSION_READ_WRITE_SO_EXISTS",
        signatureInvalid: "CKR_SIGNATURE_INVALID",
        signatureLengthRange: "CKR_SIGNATURE_LEN_RANGE",
        templateIncomplete: "CKR_TEMPLATE_INCOMPLETE",
        templateInconsistent: "CKR_TEMPLATE_INCONSISTENT",
        tokenNotPresent: "CKR_TOKEN_NOT_PRESENT",
        tokenNotRecognized: "CKR_TOKEN_NOT_RECOGNIZED",
        tokenWriteProtected: "CKR_TOKEN_WRITE_PROTECTED",
        unwrappingKeyHandleInvalid: "CKR_UNWRAPPING_KEY_HANDLE_INVALID",
        unwrappingKeySizeRange: "CKR_UNWRAPPING_KEY_SIZE_RANGE",
        unwrappingKeyTypeInconsistent: "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT",
        userAlreadyLoggedIn: "CKR_USER_ALREADY_LOGGED_IN",
        userNotLoggedIn: "CKR_USER_NOT_LOGGED_IN",
        userPINNotInitialized: "CKR_USER_PIN_NOT_INITIALIZED",
        userTypeInvalid: "CKR_USER_TYPE_INVALID",
        userAnotherAlreadyLoggedIn: "CKR_USER_ANOTHER_ALREADY_LOGGED_IN",
        userTooManyTypes: "CKR_USER_TOO_MANY_TYPES",
        wrappedKeyInvalid: "CKR_WRAPPED_KEY_INVALID",
        wrappedKeyLengthRange: "CKR_WRAPPED_KEY_LEN_RANGE",
        wrappingKeyHandleInvalid: "CKR_WRAPPING_KEY_HANDLE_INVALID",
        wrappingKeySizeRange: "CKR_WRAPPING_KEY_SIZE_RANGE",
        wrappingKeyTypeInconsistent: "CKR_WRAPPING_KEY_TYPE_INCONSISTENT",
        randomSeedNotSupported: "CKR_RANDOM_SEED_NOT_SUPPORTED",
        randomNoRNG: "CKR_RANDOM_NO_RNG",
        domainParamsInvalid: "CKR_DOMAIN_PARAMS_INVALID",
        curveNotSupported: "CKR_CURVE_NOT_SUPPORTED",
        bufferTooSmall: "CKR_BUFFER_TOO_SMALL",
        savedStateInvalid: "CKR_SAVED_STATE_INVALID",
        informationSensitive: "CKR_INFORMATION_SENSITIVE",
        stateUnsaveable: "CKR_STATE_UNSAVEABLE",
        cryptokiNotInitialized: "CKR_CRYPTOKI_NOT_INITIALIZED",
        cryptokiAlreadyInitialized: "CKR_CRYPTOKI_ALREADY_INITIALIZED",
        mutexBad: "CKR_MUTEX_BAD",
        mutexNotLocked: "CKR_MUTEX_NOT_LOCKED",
        newPINMode: "CKR_NEW_PIN_MODE",
        nextOTP: "CKR_NEXT_OTP",
        exceededMaxIterations: "CKR_EXCEEDED_MAX_ITERATIONS",
        fipsSelfTestFailed: "CKR_FIPS_SELF_TEST_FAILED",
        libraryLoadFailed: "CKR_LIBRARY_LOAD_FAILED",
        pinTooWeak: "CKR_PIN_TOO_WEAK",
        publicKeyInvalid: "CKR_PUBLIC_KEY_INVALID",
        functionRejected: "CKR_FUNCTION_REJECTED",
        tokenResourceExceeded: "CKR_TOKEN_RESOURCE_EXCEEDED",
        operationCancelFailed: "CKR_OPERATION_CANCEL_FAILED",
        keyExhausted: "CKR_KEY_EXHAUSTED",
    ]
}
