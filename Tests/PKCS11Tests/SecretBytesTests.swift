import Foundation
import TestSupport
import Testing

@testable import PKCS11

struct SecretBytesTests {
    @Test func `a secret is locked in memory and excluded from core dumps`() throws {
        let secret = try SecretBytes.empty()
        let flags = secret.withUnsafeBytes { bytes, _ in
            ProcessMemory.flags(ofPageAt: UInt(bitPattern: bytes))
        }
        // proc_pid_smaps(5): `lo` means a locked page, `dd` a page excluded from dumps.
        #expect(flags.contains("lo") && flags.contains("dd"), "\(flags)")
    }

    /// The secret is generated octet by octet and searched for by its rule, so that the test itself has no
    /// copy.
    @Test func `no copy of a secret remains in the process`() async {
        await #expect(processExitsWith: .success) {
            func count() -> Int { ProcessMemory.count(of: 64) { UInt8(truncatingIfNeeded: $0 &* 73 &+ 41) } }
            var ends: [Int32] = [0, 0]
            #expect(pipe(&ends) == 0)
            for index in 0..<64 {
                var octet = UInt8(truncatingIfNeeded: index &* 73 &+ 41)
                #expect(write(ends[1], &octet, 1) == 1)
            }
            close(ends[1])
            func use() {
                guard var secret = SecretBytes() else {
                    Issue.record("no secret")
                    return
                }
                let isFilled = secret.fill(from: ends[0])
                let isUsed = secret.isSame(as: secret) && secret.unprintableFault != nil
                #expect(isFilled && isUsed && secret.count == 64)
                #expect(count() == 1)
            }
            use()
            #expect(count() == 0)
        }
    }

    @Test func `a secret that is too long is refused`() throws {
        var exact = try SecretBytes.empty()
        let fits = withPipe([UInt8](repeating: 1, count: SecretBytes.capacity - 1)) { exact.fill(from: $0) }
        #expect(fits == true)
        let count = exact.count
        #expect(count == SecretBytes.capacity - 1)
        for count in [SecretBytes.capacity, SecretBytes.capacity + 1, 5000] {
            var secret = try SecretBytes.empty()
            let isFilled = withPipe([UInt8](repeating: 1, count: count)) { secret.fill(from: $0) }
            var line = try SecretBytes.empty()
            let isRead = withPipe([UInt8](repeating: 1, count: count)) { line.fillLine(from: $0) }
            #expect(isFilled == false && isRead == false)
        }
        var unreadable = try SecretBytes.empty()
        let isRead = unreadable.fill(from: -1) || unreadable.fillLine(from: -1)
        #expect(!isRead)
    }

    struct Line: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let input: String
        let secret: String?
    }

    static let lines = [
        Line(testDescription: "a line feed", input: "abc\nrest", secret: "abc"),
        Line(testDescription: "a carriage return before the line feed", input: "abc\r\nrest", secret: "abc"),
        Line(testDescription: "the end of the file", input: "abc", secret: "abc"),
        Line(testDescription: "an empty line", input: "\n", secret: ""),
        Line(testDescription: "a carriage return alone", input: "abc\r", secret: "abc\r"),
        Line(testDescription: "nothing", input: "", secret: nil),
    ]

    @Test(arguments: lines)
    func `a line is read without its line end`(_ line: Line) throws {
        var secret = try SecretBytes.empty()
        let isRead = withPipe(Array(line.input.utf8)) { secret.fillLine(from: $0) }
        #expect(isRead == (line.secret != nil))
        let octets = secret.octets
        #expect(octets == Array((line.secret ?? "").utf8))
    }

    @Test func `exactly one line end is removed`() throws {
        for (text, rest) in [
            ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a\r", "a\r"), ("\n", ""), ("", ""),
        ] {
            var secret = try SecretBytes.test(text.utf8)
            secret.dropTrailingNewline()
            let octets = secret.octets
            #expect(octets == Array(rest.utf8))
        }
    }

    @Test func `secrets are equal if all their octets are equal`() throws {
        let secret = try SecretBytes.test("1234".utf8)
        for (text, isSame) in [
            ("1234", true), ("1235", false), ("0234", false), ("123", false), ("12345", false),
        ] {
            let other = try SecretBytes.test(text.utf8)
            let answer = secret.isSame(as: other)
            #expect(answer == isSame, "\(text)")
        }
    }

    @Test func `a secret passes through shared memory, and other readers can still read it`() throws {
        let directory = try TemporaryDirectory()
        let descriptor = open(directory.path("memory"), O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(ftruncate(descriptor, off_t(SecretBytes.capacity + 2)) == 0)
        var empty = try SecretBytes.empty()
        let isSomethingThere = empty.fill(fromMemory: descriptor)
        #expect(!isSomethingThere)
        let secret = try SecretBytes.test("correct horse".utf8)
        let isStored = secret.store(in: descriptor)
        #expect(isStored)
        for _ in 0..<2 {
            var other = try SecretBytes.empty()
            let isTheSecret = other.fill(fromMemory: descriptor) && other.isSame(as: secret)
            #expect(isTheSecret)
        }
        // An invalid length does not read beyond the buffer of one secret.
        var length = UInt16.max
        #expect(pwrite(descriptor, &length, 2, 0) == 2)
        var long = try SecretBytes.empty()
        let isLong = long.fill(fromMemory: descriptor)
        #expect(isLong && long.count == SecretBytes.capacity)
        let isWithoutMemory = secret.store(in: -1) || long.fill(fromMemory: -1)
        #expect(!isWithoutMemory)
    }
}
