internal import X509

enum SerialNumberLint {
    static let rule = LintRule("RFC 5280, section 4.1.2.2", "serialNumber") { subject in
        let bytes = subject.certificate.serialNumber.bytes
        // RFC 5280, section 4.1.2.2: a positive integer of at most 20 octets. `bytes` has no sign octet.
        guard let high = bytes.first, bytes.contains(where: { $0 != 0 }) else { return "is zero" }
        let encoded = bytes.count + (high & 0x80 != 0 ? 1 : 0)
        return encoded > 20 ? "is longer than 20 octets" : nil
    }
}
