internal import Foundation
internal import VisibleText

/// Files that a command line names.
enum InputFile {
    /// In octets. The longest document of the API is a chain of 2 MiB; an export as JSON lines is longer.
    static let mostOctets = 1 << 30

    /// Reads a regular file or a pipe completely; `-` is standard input. The error names the file.
    static func read(_ path: String) throws(CommandFailure) -> Data {
        if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
        do {
            let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.isDirectoryKey])
            if values?.isDirectory == true {
                throw CommandFailure(
                    message: "`\(path)` is a directory", hint: "give the file in it", status: .usage)
            }
            // A pipe has no size, which `Data(contentsOf:)` asks for.
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            var data = Data()
            while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
                data += part
                guard data.count <= mostOctets else {
                    throw CommandFailure(
                        message: "`\(path)` is longer than \(mostOctets) octets", hint: nil, status: .usage)
                }
            }
            return data
        } catch let failure as CommandFailure {
            throw failure
        } catch { throw CommandFailure(reading: path, error) }
    }

    /// The file as UTF-8. Octets that are none become U+FFFD.
    static func text(_ path: String) throws(CommandFailure) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }
}

extension CommandFailure {
    /// A file that cannot be read.
    init(reading path: String, _ error: any Error) {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile:
            self.init(
                message: "the file `\(path)` does not exist",
                hint: "it is looked for from the current directory",
                status: .notFound)
        case .fileReadNoPermission:
            self.init(
                message: "the file `\(path)` cannot be read: permission denied",
                hint: "`ls -l` shows who may read it", status: .denied)
        default:
            self.init(
                message:
                    "the file `\(path)` cannot be read: \((error as? CocoaError)?.localizedDescription ?? "\(error)")",
                hint: nil)
        }
    }
}
