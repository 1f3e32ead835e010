internal import CPKCS11

/// The kind of an object's attribute (`CK_ATTRIBUTE_TYPE`).
public struct AttributeType: Sendable, Hashable, CustomStringConvertible {
    let rawValue: UInt
    /// The standard's name, such as `CKA_SIGN`.
    public let description: String

    private init(_ rawValue: UInt, _ name: String) {
        self.rawValue = rawValue
        description = name
    }

    public static let objectClass = AttributeType(UInt(CKA_CLASS), "CKA_CLASS")
    public static let token = AttributeType(UInt(CKA_TOKEN), "CKA_TOKEN")
    public static let isPrivate = AttributeType(UInt(CKA_PRIVATE), "CKA_PRIVATE")
    public static let label = AttributeType(UInt(CKA_LABEL), "CKA_LABEL")
    public static let identifier = AttributeType(UInt(CKA_ID), "CKA_ID")
    public static let keyType = AttributeType(UInt(CKA_KEY_TYPE), "CKA_KEY_TYPE")
    public static let sensitive = AttributeType(UInt(CKA_SENSITIVE), "CKA_SENSITIVE")
    public static let alwaysSensitive = AttributeType(UInt(CKA_ALWAYS_SENSITIVE), "CKA_ALWAYS_SENSITIVE")
    public static let extractable = AttributeType(UInt(CKA_EXTRACTABLE), "CKA_EXTRACTABLE")
    public static let neverExtractable = AttributeType(UInt(CKA_NEVER_EXTRACTABLE), "CKA_NEVER_EXTRACTABLE")
    public static let local = AttributeType(UInt(CKA_LOCAL), "CKA_LOCAL")
    public static let keyGenMechanism = AttributeType(UInt(CKA_KEY_GEN_MECHANISM), "CKA_KEY_GEN_MECHANISM")
    public static let sign = AttributeType(UInt(CKA_SIGN), "CKA_SIGN")
    public static let signRecover = AttributeType(UInt(CKA_SIGN_RECOVER), "CKA_SIGN_RECOVER")
    public static let verify = AttributeType(UInt(CKA_VERIFY), "CKA_VERIFY")
    public static let verifyRecover = AttributeType(UInt(CKA_VERIFY_RECOVER), "CKA_VERIFY_RECOVER")
    public static let encrypt = AttributeType(UInt(CKA_ENCRYPT), "CKA_ENCRYPT")
    public static let decrypt = AttributeType(UInt(CKA_DECRYPT), "CKA_DECRYPT")
    public static let wrap = AttributeType(UInt(CKA_WRAP), "CKA_WRAP")
    public static let unwrap = AttributeType(UInt(CKA_UNWRAP), "CKA_UNWRAP")
    public static let derive = AttributeType(UInt(CKA_DERIVE), "CKA_DERIVE")
    public static let wrapWithTrusted = AttributeType(UInt(CKA_WRAP_WITH_TRUSTED), "CKA_WRAP_WITH_TRUSTED")
    public static let modifiable = AttributeType(UInt(CKA_MODIFIABLE), "CKA_MODIFIABLE")
    public static let copyable = AttributeType(UInt(CKA_COPYABLE), "CKA_COPYABLE")
    public static let destroyable = AttributeType(UInt(CKA_DESTROYABLE), "CKA_DESTROYABLE")
    public static let allowedMechanisms = AttributeType(
        UInt(CKA_ALLOWED_MECHANISMS), "CKA_ALLOWED_MECHANISMS")
    public static let alwaysAuthenticate = AttributeType(
        UInt(CKA_ALWAYS_AUTHENTICATE), "CKA_ALWAYS_AUTHENTICATE")
    public static let ecParameters = AttributeType(UInt(CKA_EC_PARAMS), "CKA_EC_PARAMS")
    public static let ecPoint = AttributeType(UInt(CKA_EC_POINT), "CKA_EC_POINT")
    public static let modulus = AttributeType(UInt(CKA_MODULUS), "CKA_MODULUS")
    public static let modulusBits = AttributeType(UInt(CKA_MODULUS_BITS), "CKA_MODULUS_BITS")
    public static let privateExponent = AttributeType(UInt(CKA_PRIVATE_EXPONENT), "CKA_PRIVATE_EXPONENT")
    public static let value = AttributeType(UInt(CKA_VALUE), "CKA_VALUE")
    public static let valueLength = AttributeType(UInt(CKA_VALUE_LEN), "CKA_VALUE_LEN")
    public static let publicExponent = AttributeType(UInt(CKA_PUBLIC_EXPONENT), "CKA_PUBLIC_EXPONENT")
}

/// The class of an object (`CK_OBJECT_CLASS`).
public enum ObjectClass: Sendable {
    /// The corresponding C constant is `CKO_PUBLIC_KEY`.
    case publicKey
    /// The corresponding C constant is `CKO_PRIVATE_KEY`.
    case privateKey

    public var rawValue: UInt {
        switch self {
        case .publicKey: UInt(CKO_PUBLIC_KEY)
        case .privateKey: UInt(CKO_PRIVATE_KEY)
        }
    }
}

/// A value for an attribute, in the encoding Cryptoki uses for it.
public enum AttributeValue: Sendable, Hashable {
    /// `CK_BBOOL`
    case boolean(Bool)
    /// `CK_ULONG`
    case number(UInt)
    /// An array of `CK_MECHANISM_TYPE`
    case mechanisms([MechanismType])
    case bytes([UInt8])

    /// The bytes Cryptoki reads and writes for this value, in the byte order of this machine.
    public var encoded: [UInt8] {
        switch self {
        case .boolean(let value): [value ? 1 : 0]
        case .number(let value): Self.encode(value)
        case .mechanisms(let list): list.flatMap { Self.encode($0.rawValue) }
        case .bytes(let bytes): bytes
        }
    }

    private static func encode(_ value: UInt) -> [UInt8] {
        unsafe withUnsafeBytes(of: CK_ULONG(value)) { unsafe Array($0) }
    }
}

/// Attribute types with their values, for creating an object or finding one (`CK_ATTRIBUTE` array).
public typealias AttributeTemplate = [(type: AttributeType, value: AttributeValue)]

/// Lays the template out as C requires: one aligned buffer with the values, and one array of `CK_ATTRIBUTE`
/// that points into it.
func withAttributes<Result>(
    _ template: AttributeTemplate, _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> Result
) -> Result {
    let values = template.map(\.value.encoded)
    let stride = MemoryLayout<CK_ULONG>.stride
    let size = values.reduce(stride) { $0 + ($1.count + stride - 1) / stride * stride }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: stride)
    defer { unsafe buffer.deallocate() }
    var attributes: [CK_ATTRIBUTE] = unsafe []
    var offset = 0
    for (entry, value) in zip(template, values) {
        let slice = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<(offset + value.count)])
        unsafe slice.copyBytes(from: value)
        unsafe attributes.append(
            CK_ATTRIBUTE(
                type: CK_ATTRIBUTE_TYPE(entry.type.rawValue),
                pValue: slice.baseAddress,
                ulValueLen: CK_ULONG(value.count)))
        offset += (value.count + stride - 1) / stride * stride
    }
    return unsafe attributes.withUnsafeMutableBufferPointer { list in
        unsafe body(list.baseAddress, CK_ULONG(list.count))
    }
}
