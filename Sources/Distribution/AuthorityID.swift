/// The id of an authority: a lower-case UUID. Names of files and paths of requests are compared with it octet by
/// octet, so that a path never leaves its directory.
enum AuthorityID {
    static func isOne(_ text: some StringProtocol) -> Bool {
        let octets = text.utf8
        guard octets.count == 36 else { return false }
        return octets.enumerated().allSatisfy { place, octet in
            switch place {
            case 8, 13, 18, 23: octet == UInt8(ascii: "-")
            default:
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet)
            }
        }
    }
}
