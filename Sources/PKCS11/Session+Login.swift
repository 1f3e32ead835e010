internal import CPKCS11

/// The type of user that logs in (`CK_USER_TYPE`).
public enum UserType: Sendable {
    /// `CKU_USER`
    case user
    /// `CKU_SO`: initializes the token and sets the user's PIN; sees no private key.
    case securityOfficer
}

/// Logins and PINs. The token may count refused PINs, so the caller tries each PIN once. Calls that take a
/// PIN use `Module.secretFunctions`, so that no trace contains one.
extension Session {
    /// Logs in (`C_Login`), for every session of this process with this token.
    public func logIn(_ user: UserType, pin: borrowing SecretBytes) throws(PKCS11Error) {
        let rv = unsafe pin.withUnsafeBytes { bytes, count in
            unsafe signet_C_Login(module.secretFunctions, handle, user.raw, bytes, CK_ULONG(count))
        }
        try PKCS11Error.check(.login, rv)
    }

    /// Logs in with a PIN entered at the token's own keypad or reader (PKCS#11 2.40, section 5.6: `C_Login`
    /// with a null PIN, for a token with CKF_PROTECTED_AUTHENTICATION_PATH).
    public func logInAtToken(_ user: UserType) throws(PKCS11Error) {
        try PKCS11Error.check(
            .login, unsafe signet_C_Login(module.secretFunctions, handle, user.raw, nil, 0))
    }

    /// Logs the token's user out in every session (`C_Logout`); handles of private objects are void from then
    /// on.
    public func logOut() throws(PKCS11Error) {
        try PKCS11Error.check(.logout, unsafe signet_C_Logout(module.functions, handle))
    }

    /// Gives the user a PIN (`C_InitPIN`), in a read-write session of the security officer.
    public func initializePIN(_ pin: borrowing SecretBytes) throws(PKCS11Error) {
        let rv = unsafe pin.withUnsafeBytes { bytes, count in
            unsafe signet_C_InitPIN(module.secretFunctions, handle, bytes, CK_ULONG(count))
        }
        try PKCS11Error.check(.initPIN, rv)
    }

    /// Changes the PIN of the user that is logged in (`C_SetPIN`).
    public func setPIN(from old: borrowing SecretBytes, to new: borrowing SecretBytes) throws(PKCS11Error) {
        let rv = unsafe old.withUnsafeBytes { oldBytes, oldCount in
            unsafe new.withUnsafeBytes { newBytes, newCount in
                unsafe signet_C_SetPIN(
                    module.secretFunctions, handle, oldBytes, CK_ULONG(oldCount), newBytes, CK_ULONG(newCount)
                )
            }
        }
        try PKCS11Error.check(.setPIN, rv)
    }
}

extension UserType {
    fileprivate var raw: CK_USER_TYPE {
        switch self {
        case .user: CK_USER_TYPE(CKU_USER)
        case .securityOfficer: CK_USER_TYPE(CKU_SO)
        }
    }
}
