internal import Foundation

/// The programs and scripts of this package.
public enum Products {
    /// The build directory of the tests, which also contains the programs.
    public static let directory: String = {
        let test =
            Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: test).deletingLastPathComponent().path
    }()

    public static func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// The root of the checkout.
    public static let root: String = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The Python with the external verifiers: `Scripts/test` sets SIGNET_PYTHON to the one it prepared.
    public static let python = ProcessInfo.processInfo.environment["SIGNET_PYTHON"] ?? "python3"
}
