/// A function of Cryptoki whose return value can be an error, by the standard's name.
public enum CryptokiFunction: String, Sendable, CustomStringConvertible {
    case getFunctionList = "C_GetFunctionList"
    case initialize = "C_Initialize"
    case getInfo = "C_GetInfo"
    case getSlotList = "C_GetSlotList"
    case getTokenInfo = "C_GetTokenInfo"
    case getMechanismList = "C_GetMechanismList"
    case getMechanismInfo = "C_GetMechanismInfo"
    case initToken = "C_InitToken"
    case initPIN = "C_InitPIN"
    case setPIN = "C_SetPIN"
    case openSession = "C_OpenSession"
    case closeSession = "C_CloseSession"
    case getSessionInfo = "C_GetSessionInfo"
    case login = "C_Login"
    case logout = "C_Logout"
    case destroyObject = "C_DestroyObject"
    case getAttributeValue = "C_GetAttributeValue"
    case findObjectsInit = "C_FindObjectsInit"
    case findObjects = "C_FindObjects"
    case signInit = "C_SignInit"
    case sign = "C_Sign"
    case generateKeyPair = "C_GenerateKeyPair"
    case generateRandom = "C_GenerateRandom"

    /// The standard's name, such as `C_Sign`.
    public var description: String { rawValue }
}
