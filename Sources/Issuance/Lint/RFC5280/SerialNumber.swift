internal import X509

extension LintRule {
    static let serialNumber = LintRule("RFC 5280, section 4.1.2.2", "serialNumber") { subject in
        let bytes = subject.certificate.serialNumber.bytes
        // RFC 5280, section 4.1.2.2: a positive integer of at most 20 octets. `bytes` is without sign octet.
        if bytes.allSatisfy({ $0 == 0 }) { return "is zero" }
        let encoded = bytes.count + (bytes.first! & 0x80 != 0 ? 1 : 0)
        return encoded > 20 ? "is longer than 20 octets" : nil
    }
}
