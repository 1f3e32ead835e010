/// A Cryptoki call that did not return `CKR_OK`: the function and its return value.
public struct PKCS11Error: Error, Sendable, Hashable, CustomStringConvertible {
    public let function: CryptokiFunction
    public let returnValue: ReturnValue

    public init(_ function: CryptokiFunction, _ returnValue: ReturnValue) {
        self.function = function
        self.returnValue = returnValue
    }

    /// `C_Sign: CKR_DEVICE_REMOVED`
    public var description: String { "\(function): \(returnValue)" }

    /// Throws unless `rv` is `CKR_OK`.
    static func check(_ function: CryptokiFunction, _ rv: UInt) throws(PKCS11Error) {
        let returnValue = ReturnValue(rawValue: rv)
        guard returnValue == .ok else { throw PKCS11Error(function, returnValue) }
    }
}
