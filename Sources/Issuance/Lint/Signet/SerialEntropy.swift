internal import X509

enum SerialEntropyLint {
    static let rule = LintRule("Signet", "serialNumber") { subject in
        guard subject.issuance != nil else { return nil }
        // Sixteen random octets begin with five zeros once in 2^40 times; less is not a random number.
        return subject.certificate.serialNumber.bytes.count >= 12
            ? nil : "is too short to be sixteen random octets"
    }
}
