internal import X509

extension LintRule {
    static let serialEntropy = LintRule("Signet", "serialNumber") { subject in
        // Sixteen random octets leave the first two zero once in 65,536 times; less is not a random number.
        subject.certificate.serialNumber.bytes.count >= 14 ? nil : "is too short to be sixteen random octets"
    }
}
