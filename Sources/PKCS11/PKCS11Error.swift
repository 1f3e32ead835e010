/// A Cryptoki call that did not answer `CKR_OK`: which function, and what it answered.
public struct PKCS11Error: Error, Sendable, Hashable, CustomStringConvertible {
    /// The standard's name of the function, such as `C_Sign`.
    public let function: String
    public let returnValue: ReturnValue

    public init(_ function: String, _ returnValue: ReturnValue) {
        self.function = function
        self.returnValue = returnValue
    }

    /// `C_Sign: CKR_DEVICE_REMOVED`
    public var description: String { "\(function): \(returnValue)" }

    /// Throws unless `rv` is `CKR_OK`.
    static func check(_ function: String, _ rv: UInt) throws(PKCS11Error) {
        guard rv == 0 else { throw PKCS11Error(function, ReturnValue(rawValue: rv)) }
    }
}
