/// The entries of a CRL, `revokedCertificates` (RFC 5280, section 5.1.2.6), encoded as they are added. A CRL
/// can have a million of them, so they are not kept as values.
public struct RevokedCertificates: Sendable, Hashable {
    /// One revoked certificate.
    public struct Entry: Sendable, Hashable {
        /// Big-endian and positive.
        public var serialNumber: [UInt8]
        public var revocationDate: CivilTime
        /// Nil omits the reason, as RFC 5280, section 5.3.1, recommends for `unspecified`.
        public var reason: CRLReason?

        public init(serialNumber: [UInt8], revocationDate: CivilTime, reason: CRLReason?) {
            self.serialNumber = serialNumber
            self.revocationDate = revocationDate
            self.reason = reason
        }
    }

    /// The DER of the entries, one after the other, without the SEQUENCE around them.
    public private(set) var derBytes: [UInt8] = []
    public private(set) var count = 0

    public init() {}

    /// In the order of the CRL.
    public init(_ entries: [Entry]) {
        for entry in entries {
            append(entry.serialNumber, revokedAt: entry.revocationDate, reason: entry.reason)
        }
    }

    /// Makes room for entries with serial numbers of 16 octets and reasons.
    public mutating func reserveCapacity(_ entries: Int) { derBytes.reserveCapacity(entries * 50) }

    /// - Parameters:
    ///   - serialNumber: big-endian and positive; at most 20 octets
    ///   - reason: nil for `unspecified`
    public mutating func append(_ serialNumber: [UInt8], revokedAt time: CivilTime, reason: CRLReason?) {
        let number = serialNumber.drop { $0 == 0 }
        // An INTEGER with the highest bit set is negative.
        let isPadded = number.first.map { $0 >= 0x80 } ?? true
        let numberCount = number.count + (isPadded ? 1 : 0)
        let isUTC = (1950...2049).contains(time.year)
        let timeCount = isUTC ? 13 : 15
        let contents = 2 + numberCount + 2 + timeCount + (reason == nil ? 0 : Self.reasonPrefix.count + 1)
        derBytes.append(IdentifierOctet.sequence)
        derBytes.append(UInt8(contents))
        derBytes.append(DERTag.integer.rawValue)
        derBytes.append(UInt8(numberCount))
        if isPadded { derBytes.append(0) }
        derBytes.append(contentsOf: number)
        // RFC 5280, section 5.1.2.4: UTCTime through 2049, GeneralizedTime from 2050.
        derBytes.append(isUTC ? DERTag.utcTime.rawValue : DERTag.generalizedTime.rawValue)
        derBytes.append(UInt8(timeCount))
        if !isUTC { appendDigits(time.year / 100) }
        for part in [time.year % 100, time.month, time.day, time.hours, time.minutes, time.seconds] {
            appendDigits(part)
        }
        derBytes.append(UInt8(ascii: "Z"))
        if let reason {
            derBytes.append(contentsOf: Self.reasonPrefix)
            derBytes.append(reason.rawValue)
        }
        count += 1
    }

    private mutating func appendDigits(_ number: Int) {
        derBytes.append(UInt8(ascii: "0") + UInt8(number / 10))
        derBytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// crlEntryExtensions with a reasonCode (2.5.29.21), up to the value of its ENUMERATED.
    private static let reasonPrefix: [UInt8] = [
        0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01,
    ]
}
