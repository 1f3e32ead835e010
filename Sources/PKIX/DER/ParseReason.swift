internal import SwiftASN1
internal import X509

/// Why bytes did not parse, with the name of the structure and the place of the fault.
public struct ParseFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Why something did not parse or cannot be encoded, in words for the sender of the bytes. The libraries
/// describe their errors by codes and names of source files. ``ParseFault`` says more where the bytes are at
/// hand.
public func parseReason(_ error: any Error) -> String {
    switch error {
    case let error as ParseFault: error.description
    case let error as SyntaxFault: error.description
    case let error as ASN1Error: sentence(error.code)
    case let error as CertificateError: sentence(error.code)
    default: "it is not valid"
    }
}

private func sentence(_ code: ASN1Error.ErrorCode) -> String {
    switch code {
    case .unexpectedFieldType: "an element has another type than its place has"
    case .invalidASN1Object: "an element is not what its standard says, or is not in DER"
    case .invalidASN1IntegerEncoding: "an INTEGER is not in the least number of octets, or too large"
    case .truncatedASN1Field: "an element ends before its length"
    case .unsupportedFieldLength: "an element has a length that is not in DER, or too large"
    case .invalidStringRepresentation: "a text has characters that its ASN.1 type does not"
    case .tooFewOIDComponents: "an object identifier has fewer than two parts"
    default: "it is not valid"
    }
}

private func sentence(_ code: CertificateError.ErrorCode) -> String {
    switch code {
    case .unsupportedSignatureAlgorithm: "its signature algorithm is not supported"
    case .unsupportedPublicKeyAlgorithm: "its public key algorithm is not supported"
    case .unsupportedDigestAlgorithm: "its digest algorithm is not supported"
    case .unsupportedPrivateKey: "its private key is not supported"
    case .incorrectOIDForExtension, .incorrectOIDForAttribute: "an object identifier is not that of its value"
    case .duplicateOID: "an object identifier is there twice"
    default: "it is not valid"
    }
}
