internal import Foundation

/// The operating system's error message.
enum SystemReason {
    /// Such as `no space is left on the device`; names no path.
    static func text(_ error: any Error) -> String {
        var error = error as NSError
        while let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = underlying }
        let known =
            switch error.domain {
            case NSPOSIXErrorDomain: POSIXErrorCode(rawValue: Int32(error.code)).flatMap(text)
            case NSCocoaErrorDomain: text(CocoaError.Code(rawValue: error.code))
            default: String?.none
            }
        return known ?? "the file system refused it (\(error.domain) \(error.code))"
    }

    private static func text(_ code: POSIXErrorCode) -> String? {
        switch code {
        case .ENOSPC: "no space is left on the device"
        case .EDQUOT: "the disk quota is exceeded"
        case .EACCES, .EPERM: "permission is denied"
        case .EROFS: "the file system is read-only"
        case .ENOENT: "the directory is not there"
        case .ENOTDIR, .EEXIST: "a file is in the way"
        case .EIO: "the device reports an error"
        default: nil
        }
    }

    private static func text(_ code: CocoaError.Code) -> String? {
        switch code {
        case .fileWriteOutOfSpace: text(.ENOSPC)
        case .fileWriteNoPermission, .fileReadNoPermission: text(.EACCES)
        case .fileWriteVolumeReadOnly: text(.EROFS)
        case .fileNoSuchFile, .fileReadNoSuchFile: text(.ENOENT)
        case .fileWriteFileExists: text(.EEXIST)
        default: nil
        }
    }
}
