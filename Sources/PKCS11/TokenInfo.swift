internal import CPKCS11

/// What a token says of itself (`CK_TOKEN_INFO`), padding removed.
public struct TokenInfo: Sendable, Hashable {
    public let label: String
    public let manufacturer: String
    public let model: String
    public let serialNumber: String
    public let firmware: String

    /// `CKF_TOKEN_INITIALIZED`
    public let isInitialized: Bool
    /// `CKF_USER_PIN_INITIALIZED`
    public let isUserPINInitialized: Bool
    /// `CKF_USER_PIN_COUNT_LOW`: a wrong user PIN was given at least once since the last right one.
    public let isUserPINCountLow: Bool
    /// `CKF_USER_PIN_FINAL_TRY`: one more wrong user PIN locks the token.
    public let isUserPINFinalTry: Bool
    /// `CKF_USER_PIN_LOCKED`
    public let isUserPINLocked: Bool

    init(_ info: CK_TOKEN_INFO) {
        label = paddedText(of: info.label)
        manufacturer = paddedText(of: info.manufacturerID)
        model = paddedText(of: info.model)
        serialNumber = paddedText(of: info.serialNumber)
        firmware = "\(info.firmwareVersion.major).\(info.firmwareVersion.minor)"
        let flags = info.flags
        isInitialized = flags & CK_FLAGS(CKF_TOKEN_INITIALIZED) != 0
        isUserPINInitialized = flags & CK_FLAGS(CKF_USER_PIN_INITIALIZED) != 0
        isUserPINCountLow = flags & CK_FLAGS(CKF_USER_PIN_COUNT_LOW) != 0
        isUserPINFinalTry = flags & CK_FLAGS(CKF_USER_PIN_FINAL_TRY) != 0
        isUserPINLocked = flags & CK_FLAGS(CKF_USER_PIN_LOCKED) != 0
    }
}
