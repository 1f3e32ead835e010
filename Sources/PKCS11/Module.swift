internal import CPKCS11
internal import Glibc
public import TokenProtocol

/// Why a shared library cannot be used as a module.
public enum ModuleError: Error, Sendable, CustomStringConvertible {
    /// `dlopen` failed. `reason` is the loader's message.
    case cannotLoad(path: String, reason: String)
    /// It has no `C_GetFunctionList`, or that call or `C_Initialize` failed.
    case cannotInitialize(path: String, PKCS11Error)

    public var description: String {
        switch self {
        case .cannotLoad(let path, let reason):
            "the PKCS#11 module `\(path)` cannot be loaded: \(reason)"
        case .cannotInitialize(let path, let error) where error.returnValue == .functionNotSupported:
            "`\(path)` is a shared library but not a PKCS#11 module (\(error))"
        case .cannotInitialize(let path, let error):
            "the PKCS#11 module `\(path)` does not start: \(error)"
        }
    }
}

/// A loaded and initialized PKCS#11 module. It stays loaded until the process ends, because a module cannot
/// be finalized safely while another thread may be inside a call (PKCS#11 2.40, section 5.4).
///
/// It is `@unchecked Sendable` because `C_GetFunctionList` writes the function list once and it is only read
/// afterwards, and because CKF_OS_LOCKING_OK announces calls from many threads to the module.
@safe public final class Module: @unchecked Sendable {  // because of the above
    let functions: CK_FUNCTION_LIST_PTR
    /// The functions for calls that take a PIN. They are the module's own even if a trace module is in use,
    /// so that a PIN is never traced.
    let secretFunctions: CK_FUNCTION_LIST_PTR

    /// Loads the module at `path` and initializes it for use by many threads.
    /// - Parameters:
    ///   - tracePath: a module that loads the one at `path`, forwards every call to it and writes the call
    ///     down. It forwards handles unchanged, so that a login that bypasses it is valid for its sessions
    ///   - initializeParameters: the string that the module requires in `pReserved`, which must be NULL
    ///     according to the standard
    public init(
        path: String, tracedBy tracePath: String? = nil, initializeParameters: String? = nil
    ) throws(ModuleError) {
        let own = try unsafe Self.functions(of: path)
        var list = unsafe own
        if let tracePath { unsafe list = try Self.functions(of: tracePath) }
        do throws(PKCS11Error) {
            // Not freed, because the module may keep the pointer while it is loaded.
            let parameters = unsafe initializeParameters.map { unsafe strdup($0) } ?? nil
            try PKCS11Error.check(.initialize, unsafe signet_C_Initialize(list, parameters))
        } catch {
            throw .cannotInitialize(path: path, error)
        }
        unsafe functions = list
        unsafe secretFunctions = own
    }

    private static func functions(of path: String) throws(ModuleError) -> CK_FUNCTION_LIST_PTR {
        guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "unknown reason"
            throw .cannotLoad(path: path, reason: reason)
        }
        var list: CK_FUNCTION_LIST_PTR?
        do throws(PKCS11Error) {
            try PKCS11Error.check(.getFunctionList, unsafe signet_C_GetFunctionList(handle, &list))
            guard let list = unsafe list else {
                throw PKCS11Error(.getFunctionList, .functionNotSupported)
            }
            return unsafe list
        } catch {
            throw .cannotInitialize(path: path, error)
        }
    }

    /// The version of the library (`C_GetInfo`).
    public func libraryVersion() throws(PKCS11Error) -> LibraryVersion {
        var info = CK_INFO()
        try PKCS11Error.check(.getInfo, unsafe signet_C_GetInfo(functions, &info))
        return LibraryVersion(major: info.libraryVersion.major, minor: info.libraryVersion.minor)
    }

    /// The module's information about itself (`C_GetInfo`): manufacturer, description and library version.
    public func libraryDescription() throws(PKCS11Error) -> String {
        var info = CK_INFO()
        try PKCS11Error.check(.getInfo, unsafe signet_C_GetInfo(functions, &info))
        let manufacturer = paddedText(of: info.manufacturerID)
        let description = paddedText(of: info.libraryDescription)
        return "\(manufacturer) \(description) \(info.libraryVersion.major).\(info.libraryVersion.minor)"
    }

    /// Slots with a token present (`C_GetSlotList` with `tokenPresent`).
    public func slotsWithToken() throws(PKCS11Error) -> [Slot] {
        var count: CK_ULONG = 0
        try PKCS11Error.check(.getSlotList, unsafe signet_C_GetSlotList(functions, 1, nil, &count))
        var identifiers = [CK_SLOT_ID](repeating: 0, count: Int(count))
        try PKCS11Error.check(
            .getSlotList, unsafe signet_C_GetSlotList(functions, 1, &identifiers, &count))
        return identifiers.prefix(Int(count)).map { Slot(identifier: UInt($0)) }
    }

    /// The information of the token in `slot` (`C_GetTokenInfo`).
    public func tokenInfo(of slot: Slot) throws(PKCS11Error) -> TokenInfo {
        var info = CK_TOKEN_INFO()
        try PKCS11Error.check(
            .getTokenInfo, unsafe signet_C_GetTokenInfo(functions, CK_SLOT_ID(slot.identifier), &info))
        return TokenInfo(info)
    }

    /// The mechanisms of the token in `slot` (`C_GetMechanismList`, `C_GetMechanismInfo`).
    public func mechanisms(of slot: Slot) throws(PKCS11Error) -> [MechanismType: MechanismInfo] {
        let identifier = CK_SLOT_ID(slot.identifier)
        var count: CK_ULONG = 0
        try PKCS11Error.check(
            .getMechanismList, unsafe signet_C_GetMechanismList(functions, identifier, nil, &count))
        var types = [CK_MECHANISM_TYPE](repeating: 0, count: Int(count))
        try PKCS11Error.check(
            .getMechanismList, unsafe signet_C_GetMechanismList(functions, identifier, &types, &count))
        var mechanisms: [MechanismType: MechanismInfo] = [:]
        for type in types.prefix(Int(count)) {
            var info = CK_MECHANISM_INFO()
            try PKCS11Error.check(
                .getMechanismInfo,
                unsafe signet_C_GetMechanismInfo(functions, identifier, type, &info))
            mechanisms[MechanismType(rawValue: UInt(type))] = MechanismInfo(
                minimumKeySize: UInt(info.ulMinKeySize), maximumKeySize: UInt(info.ulMaxKeySize),
                flags: UInt(info.flags))
        }
        return mechanisms
    }

    /// Initializes the token in `slot` (`C_InitToken`). Its objects are destroyed, and its label and the
    /// security officer's PIN are set.
    public func initializeToken(
        in slot: Slot, officerPIN: borrowing SecretBytes, label: String
    ) throws(PKCS11Error) {
        // PKCS#11 2.40, section 5.5: 32 bytes, padded with blanks.
        let padded =
            Array(label.utf8.prefix(32))
            + Array(repeating: UInt8(ascii: " "), count: max(0, 32 - label.utf8.count))
        let rv = unsafe officerPIN.withUnsafeBytes { bytes, count in
            unsafe signet_C_InitToken(
                secretFunctions, CK_SLOT_ID(slot.identifier), bytes, CK_ULONG(count), padded)
        }
        try PKCS11Error.check(.initToken, rv)
    }
}

/// A slot of the module (PKCS #11 v3.0, section 5.5). Its identifier may change each time the module is
/// initialized. So a token is chosen by its label and serial number, never by its slot.
public struct Slot: Sendable, Hashable {
    public let identifier: UInt
}

/// The text of a fixed-size field, which PKCS#11 pads with blanks and does not terminate with a zero.
func paddedText<Field>(of field: Field) -> String {
    let bytes = unsafe withUnsafeBytes(of: field) { unsafe Array($0) }
    let end = bytes.lastIndex { $0 != UInt8(ascii: " ") && $0 != 0 }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
}
