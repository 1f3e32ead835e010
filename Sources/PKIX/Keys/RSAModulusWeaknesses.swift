internal import BigInt

/// CA/Browser Forum BR 6.1.6: the modulus has no factor smaller than 752.
enum SmallFactors {
    private static let primes = (3...751).filter { number in
        (2...27).allSatisfy { number % $0 != 0 || number == $0 }
    }

    static func divides(_ modulus: BigUInt) -> Bool {
        // One division of the long number covers as many primes as fit in a word.
        primes.chunks(ofProductUpTo: UInt.max).contains { chunk in
            let rest = UInt(modulus % BigUInt(chunk.reduce(1) { $0 * UInt($1) }))
            return chunk.contains { rest % UInt($0) == 0 }
        }
    }
}

/// The keys of some chips' library. Their primes are k·M + (65537^a mod M), where M is the product of many
/// small primes. So modulo each small prime the modulus is a power of 65537 (Nemec and others, "The Return of
/// Coppersmith's Attack", section 3).
enum ROCA {
    private static let primes = (3...167).filter { number in
        (2...13).allSatisfy { number % $0 != 0 || number == $0 }
    }

    /// For each prime, the remainders that are powers of 65537.
    private static let powers: [(prime: UInt, remainders: Set<UInt>)] = primes.map { prime in
        var remainders: Set<UInt> = []
        var power = 1
        while remainders.insert(UInt(power)).inserted { power = power * 65_537 % prime }
        return (UInt(prime), remainders)
    }

    static func hasFingerprint(_ modulus: BigUInt) -> Bool {
        powers.allSatisfy { entry in
            entry.remainders.contains(UInt(modulus % BigUInt(entry.prime)))
        }
    }
}

/// Products of two close primes, which Fermat's method factors (CA/Browser Forum BR 6.1.1.3: a hundred
/// rounds).
enum ClosePrimes {
    private static let rounds = 100

    static func factor(_ modulus: BigUInt) -> Bool {
        var root = modulus.squareRoot()
        if root * root == modulus { return true }
        root += 1
        var rest = root * root - modulus
        for _ in 0..<rounds {
            if isSquare(rest) { return true }
            rest += 2 * root + 1
            root += 1
        }
        return false
    }

    private static func isSquare(_ number: BigUInt) -> Bool {
        // A square is 0, 1, 4 or 9 modulo 16, so most numbers need no root.
        guard let low = number.words.first.map({ $0 & 15 }) else { return true }
        guard low == 0 || low == 1 || low == 4 || low == 9 else { return false }
        let root = number.squareRoot()
        return root * root == number
    }
}

extension BigUInt {
    /// A big-endian number.
    init(bigEndian octets: ArraySlice<UInt8>) {
        var words: [Word] = []
        var rest = octets
        while !rest.isEmpty {
            words.append(rest.suffix(8).reduce(0) { $0 << 8 | Word($1) })
            rest = rest.dropLast(8)
        }
        self.init(words: words)
    }
}

extension [Int] {
    fileprivate func chunks(ofProductUpTo limit: UInt) -> [[Int]] {
        var chunks: [[Int]] = []
        var product: UInt = 1
        for number in self {
            let (next, overflow) = product.multipliedReportingOverflow(by: UInt(number))
            if chunks.isEmpty || overflow || next > limit {
                chunks.append([number])
                product = UInt(number)
            } else {
                chunks[chunks.count - 1].append(number)
                product = next
            }
        }
        return chunks
    }
}
