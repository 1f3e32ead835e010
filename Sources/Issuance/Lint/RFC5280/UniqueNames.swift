internal import PKIX
internal import SwiftASN1
internal import X509

enum UniqueNamesLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.6", "subjectAltName") { subject in
        guard let names = try? subject.certificate.extensions.subjectAlternativeNames, names.count > 1 else {
            return nil
        }
        var seen: Set<GeneralName> = []
        for (index, name) in names.enumerated() {
            // RFC 4343: DNS names are compared without regard to case.
            let own: GeneralName =
                if case .dnsName(let text) = name {
                    .dnsName(String(decoding: asciiLowercased(text.utf8), as: UTF8.self))
                } else {
                    name
                }
            // A repeated name adds nothing and indicates a mistake.
            guard seen.insert(own).inserted else { return "has name \(index + 1) of \(names.count) twice" }
        }
        return nil
    }
}
