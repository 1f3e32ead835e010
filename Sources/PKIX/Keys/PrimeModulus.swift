internal import Crypto
internal import Synchronization

/// SP 800-89, section 5.3.3: an RSA modulus is not prime. From a prime modulus anyone can compute the private
/// exponent.
enum PrimeModulus {
    /// Fermat's test with base 2. Every prime passes it. The chance that a product of two random primes
    /// passes is negligible.
    ///
    /// The test takes some milliseconds for 2048 bits, and eight times as long for each doubling. It
    /// therefore runs for authorized requests only, and the results for recent keys are cached.
    /// - Parameter modulus: big-endian, odd, without leading zeros
    static func isProbablyPrime(_ modulus: ArraySlice<UInt8>) -> Bool {
        let digest = Array(SHA256.hash(data: Array(modulus)))
        if composites.withLock({ $0.contains(digest) }) { return false }
        if isFermatProbablePrime(modulus) { return true }
        composites.withLock { known in
            if known.count >= mostKnown { known = [] }
            known.insert(digest)
        }
        return false
    }

    /// The size of the cache. An entry takes 64 octets, including the overhead of the set.
    private static let mostKnown = 10_000
    /// The SHA-256 of moduli that were found composite.
    private static let composites = Mutex<Set<[UInt8]>>([])

    private static func isFermatProbablePrime(_ modulus: ArraySlice<UInt8>) -> Bool {
        var words: [UInt] = []
        var rest = modulus
        while !rest.isEmpty {
            words.append(rest.suffix(8).reduce(0) { $0 << 8 | UInt($1) })
            rest = rest.dropLast(8)
        }
        let field = Montgomery(modulus: words)
        // 2^(n-1) by squaring and doubling. The last bit of n - 1 is 0, all others are those of n.
        var power = field.one
        let bits = words.count * UInt.bitWidth - (words.last?.leadingZeroBitCount ?? 0)
        for bit in (0..<bits).reversed() {
            power = field.square(power)
            if bit > 0, words[bit / UInt.bitWidth] >> (bit % UInt.bitWidth) & 1 == 1 {
                power = field.double(power)
            }
        }
        return power == field.one
    }
}

/// Montgomery arithmetic modulo an odd number: numbers are multiplied by R = 2^(64·words). P. L. Montgomery,
/// "Modular Multiplication Without Trial Division". Not constant-time; use it for public numbers only.
private struct Montgomery {
    /// Little-endian.
    let modulus: [UInt]
    /// -1/modulus modulo 2^64
    private let inverse: UInt
    /// R modulo the modulus, the Montgomery form of 1.
    let one: [UInt]

    init(modulus: [UInt]) {
        self.modulus = modulus
        var inverse: UInt = 1
        // Newton: each step doubles the number of correct bits.
        for _ in 0..<6 { inverse = inverse &* (2 &- modulus[0] &* inverse) }
        self.inverse = 0 &- inverse
        // 2^(bits - 1) is below the modulus; it is doubled until it is R.
        var power = [UInt](repeating: 0, count: modulus.count)
        let top = UInt.bitWidth - 1 - modulus[modulus.count - 1].leadingZeroBitCount
        power[modulus.count - 1] = 1 << top
        for _ in top..<UInt.bitWidth { power = Self.doubled(power, modulo: modulus) }
        one = power
    }

    func double(_ number: [UInt]) -> [UInt] { Self.doubled(number, modulo: modulus) }

    func square(_ number: [UInt]) -> [UInt] {
        let count = modulus.count
        var product = [UInt](repeating: 0, count: count + 2)
        var target = product.mutableSpan
        let (factor, modulus) = (number.span, modulus.span)
        for outer in 0..<count {
            var carry: UInt = 0
            let digit = factor[outer]
            for index in 0..<count {
                (carry, target[index]) = Self.multiplyAdd(factor[index], digit, target[index], carry)
            }
            var overflow: Bool
            (target[count], overflow) = target[count].addingReportingOverflow(carry)
            target[count + 1] = overflow ? 1 : 0
            let multiple = target[0] &* inverse
            (carry, _) = Self.multiplyAdd(multiple, modulus[0], target[0], 0)
            for index in 1..<count {
                (carry, target[index - 1]) = Self.multiplyAdd(multiple, modulus[index], target[index], carry)
            }
            (target[count - 1], overflow) = target[count].addingReportingOverflow(carry)
            target[count] = target[count + 1] &+ (overflow ? 1 : 0)
        }
        let isAbove = product[count] != 0
        product.removeLast(2)
        return Self.reduced(product, isAbove: isAbove, modulo: self.modulus)
    }

    /// `a·b + c + d`, which fits two words.
    @inline(__always)
    private static func multiplyAdd(_ a: UInt, _ b: UInt, _ c: UInt, _ d: UInt) -> (high: UInt, low: UInt) {
        let (high, low) = a.multipliedFullWidth(by: b)
        let (sum, first) = low.addingReportingOverflow(c)
        let (total, second) = sum.addingReportingOverflow(d)
        return (high &+ (first ? 1 : 0) &+ (second ? 1 : 0), total)
    }

    private static func doubled(_ number: [UInt], modulo modulus: [UInt]) -> [UInt] {
        var doubled = number
        var carry: UInt = 0
        for index in number.indices {
            doubled[index] = number[index] << 1 | carry
            carry = number[index] >> (UInt.bitWidth - 1)
        }
        return reduced(doubled, isAbove: carry != 0, modulo: modulus)
    }

    /// Subtracts the modulus once if the number is not below it.
    /// - Parameter isAbove: whether a bit was carried out of the number
    private static func reduced(_ number: [UInt], isAbove: Bool, modulo modulus: [UInt]) -> [UInt] {
        let differing = number.indices.last { number[$0] != modulus[$0] }
        guard isAbove || differing.map({ number[$0] > modulus[$0] }) ?? true else { return number }
        var difference = number
        var borrow = false
        for index in number.indices {
            let (first, one) = number[index].subtractingReportingOverflow(modulus[index])
            let (second, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
            difference[index] = second
            borrow = one || two
        }
        return difference
    }
}
