internal import CPlatform
internal import Glibc

/// A secret that must not be swapped out, dumped or left in memory. Its bytes are locked while the value
/// exists and wiped when it is destroyed. It is never a `String`, never `Codable`, and cannot be printed.
@safe public struct SecretBytes: ~Copyable {
    /// Longer than any PIN that a token accepts. (A token reports its limit as `ulMaxPinLen`; the largest in
    /// use is 255.)
    public static let capacity = 1024

    private let storage: UnsafeMutableRawPointer
    public private(set) var count: Int

    /// Allocates ``capacity`` bytes on a page of their own. Nil when the kernel does not lock the page.
    public init?() {
        let page = unsafe mmap(
            nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let page = unsafe page, unsafe page != MAP_FAILED else { return nil }
        guard unsafe mlock(page, Self.capacity) == 0 else {
            unsafe munmap(page, Self.capacity)
            return nil
        }
        _ = unsafe madvise(page, Self.capacity, MADV_DONTDUMP)
        unsafe storage = page
        count = 0
    }

    deinit {
        unsafe signet_wipe(storage, Self.capacity)
        unsafe munmap(storage, Self.capacity)
    }

    /// Reads until end of file. False when reading fails or there are ``capacity`` bytes or more.
    public mutating func fill(from descriptor: Int32) -> Bool {
        while count < Self.capacity {
            let got = unsafe read(descriptor, storage + count, Self.capacity - count)
            if got == 0 { return true }
            if got < 0 {
                if errno == EINTR { continue }
                return false
            }
            count += got
        }
        return false
    }

    /// Reads one line, without its end, as from a terminal. False as for ``fill(from:)``, and when the file
    /// ends before the first octet.
    public mutating func fillLine(from descriptor: Int32) -> Bool {
        while count < Self.capacity {
            let got = unsafe read(descriptor, storage + count, 1)
            if got < 0, errno == EINTR { continue }
            if got < 0 { return false }
            if got == 0 { return count > 0 }
            count += 1
            if byte(count - 1) == UInt8(ascii: "\n") {
                dropTrailingNewline()
                return true
            }
        }
        return false
    }

    /// Copies the secret into shared memory, after its length in two bytes. False when the memory cannot be
    /// mapped.
    public borrowing func store(in descriptor: Int32) -> Bool {
        unsafe Self.withMapping(of: descriptor) { memory in
            unsafe memory.storeBytes(of: UInt16(count).bigEndian, as: UInt16.self)
            unsafe memory.advanced(by: 2).copyMemory(from: storage, byteCount: count)
        }
    }

    /// Reads what ``store(in:)`` wrote, and leaves it there. False when there is nothing.
    public mutating func fill(fromMemory descriptor: Int32) -> Bool {
        var length = 0
        let isMapped = unsafe Self.withMapping(of: descriptor) { memory in
            length = min(Int(UInt16(bigEndian: unsafe memory.load(as: UInt16.self))), Self.capacity)
            unsafe storage.copyMemory(from: memory.advanced(by: 2), byteCount: length)
        }
        count = length
        return isMapped && length > 0
    }

    private static func withMapping(of descriptor: Int32, _ body: (UnsafeMutableRawPointer) -> Void) -> Bool {
        let size = capacity + 2
        let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return false }
        unsafe body(memory)
        unsafe munmap(memory, size)
        return true
    }

    /// Whether two secrets are equal. The time does not depend on where they differ.
    public borrowing func isSame(as other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<count { difference |= byte(index) ^ other.byte(index) }
        return difference == 0
    }

    /// Removes one line feed, or a carriage return and a line feed, from the end. Editors and `echo` add it.
    public mutating func dropTrailingNewline() {
        guard count > 0, byte(count - 1) == UInt8(ascii: "\n") else { return }
        count -= 1
        if count > 0, byte(count - 1) == UInt8(ascii: "\r") { count -= 1 }
    }

    borrowing func byte(_ index: Int) -> UInt8 { unsafe storage.load(fromByteOffset: index, as: UInt8.self) }

    borrowing func withUnsafeBytes<Result>(_ body: (UnsafePointer<UInt8>, Int) -> Result) -> Result {
        unsafe body(UnsafePointer(storage.assumingMemoryBound(to: UInt8.self)), count)
    }
}
