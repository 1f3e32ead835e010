internal import CPKCS11

/// A token's information about itself (`CK_TOKEN_INFO`), without padding.
public struct TokenInfo: Sendable, Hashable {
    public let label: String
    public let manufacturer: String
    public let model: String
    public let serialNumber: String
    public let firmware: String

    /// `ulMinPinLen` to `ulMaxPinLen`, in bytes. A token that reports no maximum accepts any length.
    public let pinLengths: ClosedRange<Int>
    /// `ulMaxSessionCount`; nil when the token reports no limit.
    public let maximumSessions: Int?

    /// `CKF_TOKEN_INITIALIZED`
    public let isInitialized: Bool
    /// `CKF_USER_PIN_INITIALIZED`
    public let isUserPINInitialized: Bool
    /// `CKF_USER_PIN_COUNT_LOW`: a wrong user PIN was given at least once since the last correct one.
    public let isUserPINCountLow: Bool
    /// `CKF_USER_PIN_FINAL_TRY`: one more wrong user PIN locks the token.
    public let isUserPINFinalTry: Bool
    /// `CKF_USER_PIN_LOCKED`
    public let isUserPINLocked: Bool

    /// `CKF_SO_PIN_FINAL_TRY`: one more wrong PIN of the security officer locks that PIN.
    public let isOfficerPINFinalTry: Bool
    /// `CKF_SO_PIN_LOCKED`. SoftHSM also sets it, with `CKF_SO_PIN_TO_BE_CHANGED`, on a token that was never
    /// initialized and has no such PIN. That is not a locked PIN.
    public let isOfficerPINLocked: Bool

    /// `CKF_PROTECTED_AUTHENTICATION_PATH`: the PIN is entered at the token.
    public let hasProtectedAuthenticationPath: Bool

    init(_ info: CK_TOKEN_INFO) {
        label = paddedText(of: info.label)
        manufacturer = paddedText(of: info.manufacturerID)
        model = paddedText(of: info.model)
        serialNumber = paddedText(of: info.serialNumber)
        firmware = "\(info.firmwareVersion.major).\(info.firmwareVersion.minor)"
        let shortest = min(Int(clamping: info.ulMinPinLen), SecretBytes.capacity)
        let longest = min(Int(clamping: info.ulMaxPinLen), SecretBytes.capacity)
        pinLengths = shortest...max(shortest, longest == 0 ? SecretBytes.capacity : longest)
        // PKCS#11 2.40, section 3.2: CK_UNAVAILABLE_INFORMATION and CK_EFFECTIVELY_INFINITE.
        let sessions = info.ulMaxSessionCount
        maximumSessions = sessions == 0 || sessions > CK_ULONG(Int32.max) ? nil : Int(sessions)
        let flags = info.flags
        isInitialized = flags & CK_FLAGS(CKF_TOKEN_INITIALIZED) != 0
        isUserPINInitialized = flags & CK_FLAGS(CKF_USER_PIN_INITIALIZED) != 0
        isUserPINCountLow = flags & CK_FLAGS(CKF_USER_PIN_COUNT_LOW) != 0
        isUserPINFinalTry = flags & CK_FLAGS(CKF_USER_PIN_FINAL_TRY) != 0
        isUserPINLocked = flags & CK_FLAGS(CKF_USER_PIN_LOCKED) != 0
        isOfficerPINFinalTry = flags & CK_FLAGS(CKF_SO_PIN_FINAL_TRY) != 0
        let isBlank = !isInitialized && flags & CK_FLAGS(CKF_SO_PIN_TO_BE_CHANGED) != 0
        isOfficerPINLocked = flags & CK_FLAGS(CKF_SO_PIN_LOCKED) != 0 && !isBlank
        hasProtectedAuthenticationPath = flags & CK_FLAGS(CKF_PROTECTED_AUTHENTICATION_PATH) != 0
    }
}
