/// Random octets. Tests supply fixed ones.
public struct RandomBytes: Sendable {
    private let make: @Sendable (_ count: Int) -> [UInt8]

    public init(_ make: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.make = make }

    /// From the operating system's generator (getrandom(2)).
    public static let system = RandomBytes { count in
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word: UInt64 = generator.next()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) }
        }
        return Array(bytes.prefix(count))
    }

    public func callAsFunction(_ count: Int) -> [UInt8] { make(count) }
}
