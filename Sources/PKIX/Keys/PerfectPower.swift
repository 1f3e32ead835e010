internal import BigInt

/// SP 800-89, section 5.3.3, and CA/Browser Forum BR 6.1.6: a modulus is not a power of a prime.
/// ``ClosePrimes`` finds squares, as products of two close primes.
enum PerfectPower {
    /// The odd prime `k` for which the number is a k-th power; nil when there is none.
    ///
    /// Precondition: the number has no factor below 752, so that a k-th power has more than 9 k bits.
    static func degree(_ number: BigUInt) -> Int? {
        filters.prefix { $0.degree * 9 < number.bitWidth }.first { filter in
            filter.passes(number) && isPower(number, of: filter.degree)
        }?.degree
    }

    /// A quick test that excludes most numbers without a root. A k-th power is a k-th power modulo every
    /// prime; modulo a prime `m·k + 1` only one number in k is. A few such primes exclude nearly every
    /// number.
    private struct Filter {
        let degree: Int
        let moduli: [UInt]

        func passes(_ number: BigUInt) -> Bool {
            moduli.allSatisfy { modulus in
                var (base, exponent) = (UInt(number % BigUInt(modulus)), (modulus - 1) / UInt(degree))
                var power: UInt = 1
                while exponent > 0 {
                    if exponent & 1 == 1 { power = power * base % modulus }
                    base = base * base % modulus
                    exponent >>= 1
                }
                // The prime divides the number, which proves nothing.
                return power <= 1
            }
        }
    }

    private static let filters = (3...911).filter(isPrime).map { degree in
        let moduli = stride(from: 2 * degree + 1, to: .max, by: 2 * degree).lazy.filter(isPrime)
        return Filter(degree: degree, moduli: moduli.prefix(degree < 20 ? 6 : 3).map { UInt($0) })
    }

    private static func isPrime(_ number: Int) -> Bool {
        number % 2 == 1
            && !stride(from: 3, through: Int(Double(number).squareRoot()), by: 2).contains {
                number % $0 == 0
            }
    }

    /// Newton's method from above, which ends at the integer part of the root.
    private static func isPower(_ number: BigUInt, of degree: Int) -> Bool {
        let k = BigUInt(degree)
        var root = BigUInt(1) << ((number.bitWidth + degree - 1) / degree)
        while true {
            let next = ((k - 1) * root + number / root.power(degree - 1)) / k
            guard next < root else { return root.power(degree) == number }
            root = next
        }
    }
}
