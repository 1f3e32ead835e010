internal import PKIX
internal import SwiftASN1

enum KeyStrengthLint {
    static let rule = LintRule("Signet", "subjectPublicKeyInfo") { subject in
        // At issuance, the CSR's key was checked for more than this.
        if subject.issuance != nil { return nil }
        return switch subject.key {
        case .malformed: "is not a SubjectPublicKeyInfo"
        // SP 800-131A: less than 112 bits of strength.
        case .rsa(let bits) where bits < 2048: "is RSA with \(bits) bits, less than 2048 bits"
        case .ellipticCurve([1, 2, 840, 10045, 3, 1, 1]): "is on P-192, a curve of less than 224 bits"
        // RFC 5480, section 2.1.1: implicitCurve and specifiedCurve must not be used.
        case .ellipticCurve(nil): "is on an elliptic curve that has no name"
        default: nil
        }
    }
}
