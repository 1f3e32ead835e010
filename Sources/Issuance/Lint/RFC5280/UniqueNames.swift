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
            // RFC 4343: a DNS name is the same in either case.
            let own: GeneralName =
                if case .dnsName(let text) = name {
                    .dnsName(String(decoding: asciiLowercased(text.utf8), as: UTF8.self))
                } else {
                    name
                }
            // A second one of the same says nothing more, and is a mistake wherever it comes from.
            guard seen.insert(own).inserted else { return "has name \(index + 1) of \(names.count) twice" }
        }
        return nil
    }
}
