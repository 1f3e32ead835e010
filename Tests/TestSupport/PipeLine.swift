public import Foundation

extension Pipe {
    /// Reads up to the next line end or the end of the pipe. `availableData` would end the program when a
    /// signal arrives.
    public func nextLine() -> String {
        var line: [UInt8] = []
        var octet: UInt8 = 0
        while true {
            let count = read(fileHandleForReading.fileDescriptor, &octet, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, octet != UInt8(ascii: "\n") else { break }
            line.append(octet)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
