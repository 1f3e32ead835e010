import Foundation

@testable import PKCS11

/// Runs `body` with the reading end of a pipe that contains `octets` and is then closed.
func withPipe<Result>(_ octets: [UInt8], _ body: (Int32) -> Result) -> Result? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    // A pipe buffers 64 KiB.
    let written = write(ends[1], octets, octets.count)
    close(ends[1])
    return written == octets.count ? body(ends[0]) : nil
}

extension SecretBytes {
    struct Unavailable: Error {}

    static func empty() throws -> SecretBytes {
        guard let secret = SecretBytes() else { throw Unavailable() }
        return secret
    }

    /// A secret with this text.
    static func test(_ text: some Collection<UInt8>) throws -> SecretBytes {
        var secret = try empty()
        guard withPipe(Array(text), { secret.fill(from: $0) }) == true else { throw Unavailable() }
        return secret
    }

    var octets: [UInt8] { (0..<count).map { byte($0) } }
}
