internal import Authorization
internal import PKIX

/// Values of one condition key, one for each class that its operands distinguish.
struct KeyValues {
    let shape: ConditionKeyShape
    let operands: [ConditionTerm.Operand]

    /// One value for every class that the operands distinguish.
    /// - Parameter frame: tests that every text must match
    func single(within frame: [TextTest] = []) throws(TextCells.Undecidable) -> [String] {
        // Numbers and texts are not combined: a value would have to be found for both kinds of comparison at
        // once.
        let kinds = Set(operands.compactMap(Self.kind))
        if kinds.count > 1 || (kinds.contains("text") && (shape.kind == .number || shape.kind == .address)) {
            throw TextCells.Undecidable(
                reason:
                    "a key's values are compared as text and as something else, which is not tried together")
        }
        var values: [String] = []
        func add(_ new: [String]) {
            for value in new where !values.contains(where: { $0.isSame(as: value) }) { values.append(value) }
        }
        let tests = operands.compactMap { operand -> TextTest? in
            switch operand {
            case .text(let pattern): TextTest(pattern)
            case .caselessText(let pattern): TextTest(pattern, isCaseless: true)
            default: nil
            }
        }
        if !tests.isEmpty || !frame.isEmpty || shape.kind == .text || shape.kind == .any || shape.kind == .arn
        {
            add(try TextCells.representatives(tests, within: frame))
        }
        add(numbers)
        add(operands.contains { if case .boolean = $0 { true } else { false } } ? ["true", "false"] : [])
        if shape.kind == .boolean { add(["true", "false"]) }
        add(addresses)
        return values
    }

    /// Every number in an operand and its neighbors. For numeric keys, only integers from zero.
    private var numbers: [String] {
        var numbers: Set<Double> = shape.kind == .number ? [1] : []
        for operand in operands {
            guard case .number(let number) = operand, number.magnitude < 1e15 else { continue }
            let (down, up) = (number.rounded(.down), number.rounded(.up))
            numbers.formUnion([down - 1, down, up, up + 1])
            // Tags can hold any number; the numbers of issuance are integers.
            if shape.kind != .number { numbers.insert(number) }
        }
        if shape.kind == .number {
            numbers = numbers.filter { $0 >= 0 }
        } else {
            let sorted = numbers.sorted()
            numbers.formUnion(zip(sorted, sorted.dropFirst()).map { ($0 + $1) / 2 })
        }
        var texts = numbers.sorted().map { $0 == $0.rounded() ? "\(Int64($0))" : "\($0)" }
        for operand in operands {
            if case .moment(let moment) = operand {
                texts += (-1...1).compactMap { CivilTime(secondsSinceEpoch: Int64(moment) + $0)?.description }
            }
        }
        return texts
    }

    private static func kind(_ operand: ConditionTerm.Operand) -> String? {
        switch operand {
        case .text, .caselessText: "text"
        case .number: "number"
        case .moment: "moment"
        case .boolean: "boolean"
        case .range: "range"
        case .presence, .variable: nil
        }
    }

    /// The ends of every range and their neighbors. No range begins or ends between them.
    private var addresses: [String] {
        var list: [[UInt8]] = []
        for operand in operands {
            guard case .range(let range) = operand else { continue }
            let address = Array(range[..<(range.count / 2)])
            let mask = range[(range.count / 2)...]
            let last = zip(address, mask).map { $0 | ~$1 }
            list +=
                [address, last]
                + [Self.adjacentAddress(address, up: false), Self.adjacentAddress(last, up: true)].compactMap
            { $0 }
        }
        // Documentation addresses (RFC 5737, RFC 3849).
        if shape.kind == .address {
            list += [[192, 0, 2, 1], [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]]
        }
        return list.map { IPAddress.text($0) }
    }

    /// The next or the previous address; nil when there is none.
    private static func adjacentAddress(_ address: [UInt8], up: Bool) -> [UInt8]? {
        var address = address
        for index in address.indices.reversed() {
            let (value, overflow) =
                up
                ? address[index].addingReportingOverflow(1) : address[index].subtractingReportingOverflow(1)
            address[index] = value
            if !overflow { return address }
        }
        return nil
    }
}
