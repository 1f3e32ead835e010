internal import SwiftASN1
internal import X509

/// Why bytes did not parse, in words for the one who sent them: the libraries' own descriptions also name
/// their source files.
public func parseReason(_ error: any Error) -> String {
    switch error {
    case let error as ASN1Error: "\(error.code)"
    case let error as CertificateError: "\(error.code)"
    default: "it is not valid"
    }
}
