/// RFC 3492, for labels of at most 59 octets.
enum Punycode {
    // RFC 3492, section 5.
    private static let base = 36
    private static let tmin = 1
    private static let tmax = 26
    private static let skew = 38
    private static let damp = 700
    private static let initialBias = 72
    private static let initialN = 128
    private static let delimiter = UInt8(ascii: "-")
    private static let longest = 59

    /// RFC 3492, section 6.2. Nil for octets that no label encodes to.
    static func decode(_ octets: ArraySlice<UInt8>) -> [Unicode.Scalar]? {
        guard !octets.isEmpty, octets.count <= longest, octets.allSatisfy({ $0 < 0x80 }) else { return nil }
        var output: [Unicode.Scalar] = []
        var input = octets
        if let last = octets.lastIndex(of: delimiter) {
            output = octets[..<last].map { Unicode.Scalar($0) }
            input = octets[(last + 1)...]
        }
        var (n, i, bias) = (initialN, 0, initialBias)
        while !input.isEmpty {
            let before = i
            var (weight, k) = (1, base)
            while true {
                guard let octet = input.popFirst(), let digit = value(octet) else { return nil }
                let (step, isOver) = digit.multipliedReportingOverflow(by: weight)
                guard !isOver, i <= Int(UInt32.max), step <= Int(UInt32.max) else { return nil }
                i += step
                let threshold = min(max(k - bias, tmin), tmax)
                if digit < threshold { break }
                weight *= base - threshold
                guard weight <= Int(UInt32.max) else { return nil }
                k += base
            }
            let count = output.count + 1
            bias = adapt(i - before, count, isFirst: before == 0)
            n += i / count
            i %= count
            guard n <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(n)), n >= initialN else { return nil }
            output.insert(scalar, at: i)
            i += 1
        }
        return output
    }

    /// RFC 3492, section 6.3.
    static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8] {
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basic = output.count
        if basic > 0 { output.append(delimiter) }
        var (n, delta, bias, handled) = (initialN, 0, initialBias, basic)
        while handled < scalars.count {
            guard let next = scalars.map({ Int($0.value) }).filter({ $0 >= n }).min() else { return output }
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                if Int(scalar.value) < n { delta += 1 }
                guard Int(scalar.value) == n else { continue }
                var (q, k) = (delta, base)
                while true {
                    let threshold = min(max(k - bias, tmin), tmax)
                    if q < threshold { break }
                    output.append(digit(threshold + (q - threshold) % (base - threshold)))
                    q = (q - threshold) / (base - threshold)
                    k += base
                }
                output.append(digit(q))
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return output
    }

    /// RFC 3492, section 6.1.
    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var k = 0
        while delta > ((base - tmin) * tmax) / 2 {
            delta /= base - tmin
            k += base
        }
        return k + (base - tmin + 1) * delta / (delta + skew)
    }

    private static func value(_ octet: UInt8) -> Int? {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(octet - UInt8(ascii: "a"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(octet - UInt8(ascii: "A"))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(octet - UInt8(ascii: "0")) + 26
        default: nil
        }
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? value + Int(UInt8(ascii: "a")) : value - 26 + Int(UInt8(ascii: "0")))
    }
}
