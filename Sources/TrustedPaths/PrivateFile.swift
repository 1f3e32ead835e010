internal import Glibc

/// A secret file, which is read only when no other user can read it.
public enum PrivateFile {
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// With `errno`.
        case unreadable(Int32)
        case notRegular
        case belongsTo(uid: UInt32)
        case openToOthers
        case tooLong(limit: Int)

        /// Completes "the file …".
        public var description: String {
            switch self {
            case .unreadable(let number): "cannot be read: \(unsafe String(cString: strerror(number)))"
            case .notRegular: "is not a regular file"
            case .belongsTo(let uid): "belongs to uid \(uid), and neither to the caller nor to root"
            case .openToOthers: "can be read or written by others; run `chmod 600` on it, or make another"
            case .tooLong(let limit): "has more than \(limit) octets"
            }
        }
    }

    /// What is wrong with a file, without reading it. Nil when this process can read it and no other user
    /// can.
    public static func fault(ofFile path: String) -> Failure? {
        do throws(Failure) {
            close(try opened(path))
            return nil
        } catch { return error }
    }

    /// The descriptor of the file, after it was examined.
    private static func opened(_ path: String) throws(Failure) -> Int32 {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(errno) }
        do throws(Failure) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw .belongsTo(uid: status.st_uid)
            }
            guard status.st_mode & 0o077 == 0 else { throw .openToOthers }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// The octets of the opened file, even if the path names another file meanwhile.
    public static func read(_ path: String, limit: Int = 65_536) throws(Failure) -> [UInt8] {
        let descriptor = try opened(path)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count <= limit {
            let got = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress.map { unsafe $0 + count }, limit + 1 - count)
            }
            if got == 0 { return Array(buffer[..<count]) }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .unreadable(errno) }
            count += got
        }
        throw .tooLong(limit: limit)
    }
}
