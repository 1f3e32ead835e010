import Foundation

/// The memory of this process, as the kernel shows it.
enum ProcessMemory {
    /// The flags of the mapping that contains the address (proc_pid_smaps(5)).
    static func flags(ofPageAt address: UInt) -> [Substring] {
        let map = text("/proc/self/smaps")
        var isInside = false
        for line in map.split(separator: "\n") {
            if let match = line.prefixMatch(of: #/([0-9a-f]+)-([0-9a-f]+) /#),
                let start = UInt(match.1, radix: 16), let end = UInt(match.2, radix: 16)
            {
                isInside = start <= address && address < end
            }
            if isInside, line.hasPrefix("VmFlags:") { return line.split(separator: " ") }
        }
        return []
    }

    /// How often a run of `length` octets that follow `rule` occurs in the writable memory of the process.
    static func count(of length: Int, _ rule: (Int) -> UInt8) -> Int {
        let map = text("/proc/self/maps")
        let memory = open("/proc/self/mem", O_RDONLY)
        defer { close(memory) }
        var found = 0
        let size = 1 << 16
        for line in map.split(separator: "\n") {
            guard let match = line.prefixMatch(of: #/([0-9a-f]+)-([0-9a-f]+) rw/#),
                let start = UInt(match.1, radix: 16), let end = UInt(match.2, radix: 16)
            else { continue }
            // The pages of the search itself are a separate mapping, which is skipped.
            guard let page = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                page != MAP_FAILED
            else { return -1 }
            defer { munmap(page, size) }
            let bytes = page.assumingMemoryBound(to: UInt8.self)
            for at in stride(from: start, to: end, by: size - length) {
                let got = pread(memory, page, min(size, Int(end - at)), off_t(at))
                guard got >= length else { continue }
                var index = 0
                while index <= min(got - length, size - length - 1) {
                    var matched = 0
                    while matched < length, bytes[index + matched] == rule(matched) { matched += 1 }
                    if matched == length { found += 1 }
                    index += 1
                }
            }
            memset(page, 0, size)
        }
        return found
    }

    /// Foundation stops at the first short read, and the kernel returns these files page by page.
    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let got = read(descriptor, &buffer, buffer.count), got > 0 { octets += buffer[..<got] }
        return String(decoding: octets, as: UTF8.self)
    }
}
