/// The version of a module's library, as C_GetInfo gives it.
public struct LibraryVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let major: UInt8
    public let minor: UInt8

    public init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    public var description: String { "\(major).\(minor)" }

    public static func < (one: Self, other: Self) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}

/// What a profile says of some versions of a library. A version in no range gets none of it: an exception that was seen
/// with one version is not granted to another.
public struct VersionProfile: Sendable, Hashable {
    /// Nil for no beginning.
    public var from: LibraryVersion?
    /// The first version behind the range; nil for no end.
    public var below: LibraryVersion?
    public var omittedFromTemplates: Set<String> = []
    public var mayBeUnavailable: Set<String> = []
    public var adjusted: [String: Bool] = [:]
    public var returnValues: [UInt64: FailureClass] = [:]

    public init(from: LibraryVersion?, below: LibraryVersion?) {
        self.from = from
        self.below = below
    }

    public func contains(_ version: LibraryVersion) -> Bool {
        from.map { $0 <= version } ?? true && below.map { version < $0 } ?? true
    }

    /// Whether some version is in both ranges.
    public func overlaps(_ other: VersionProfile) -> Bool {
        func begins(_ one: VersionProfile, before end: LibraryVersion?) -> Bool {
            guard let begin = one.from, let end else { return true }
            return begin < end
        }
        return begins(self, before: other.below) && begins(other, before: below)
    }
}

extension TokenProfile {
    /// The profile for one version of the library, with nothing left that depends on the version.
    public func resolved(for version: LibraryVersion) -> TokenProfile {
        var profile = self
        profile.versions = []
        guard let own = versions.first(where: { $0.contains(version) }) else { return profile }
        profile.omittedFromTemplates.formUnion(own.omittedFromTemplates)
        profile.mayBeUnavailable.formUnion(own.mayBeUnavailable)
        profile.adjusted.merge(own.adjusted) { _, own in own }
        profile.returnValues.merge(own.returnValues) { _, own in own }
        return profile
    }
}

extension VersionProfile {
    func write(to writer: inout FrameWriter) {
        for bound in [from, below] {
            writer.put(bound != nil)
            writer.put(bound?.major ?? 0)
            writer.put(bound?.minor ?? 0)
        }
        writer.put(omittedFromTemplates.sorted())
        writer.put(mayBeUnavailable.sorted())
        writer.put(adjusted)
        writer.put(returnValues)
    }

    init(from reader: inout FrameReader) throws(FrameError) {
        from = try reader.libraryVersion()
        below = try reader.libraryVersion()
        omittedFromTemplates = Set(try reader.strings())
        mayBeUnavailable = Set(try reader.strings())
        adjusted = try reader.adjustments()
        returnValues = try reader.returnValues()
        // As for a profile: both sides hold it against what it may waive.
        guard mayBeUnavailable.isSubset(of: TokenProfile.waivable),
            Set(adjusted.keys).isSubset(of: TokenProfile.adjustable)
        else { throw .invalidField("profile") }
    }
}

extension FrameWriter {
    mutating func put(_ adjusted: [String: Bool]) {
        put(UInt16(adjusted.count))
        for (name, value) in adjusted.sorted(by: { $0.key < $1.key }) {
            put(name)
            put(value)
        }
    }

    mutating func put(_ returnValues: [UInt64: FailureClass]) {
        put(UInt16(returnValues.count))
        for (value, failureClass) in returnValues.sorted(by: { $0.key < $1.key }) {
            put(value)
            put(failureClass.rawValue)
        }
    }
}

extension FrameReader {
    fileprivate mutating func libraryVersion() throws(FrameError) -> LibraryVersion? {
        let isThere = try boolean()
        let version = LibraryVersion(major: try number(UInt8.self), minor: try number(UInt8.self))
        return isThere ? version : nil
    }

    mutating func adjustments() throws(FrameError) -> [String: Bool] {
        var values: [String: Bool] = [:]
        for _ in 0..<(try number(UInt16.self)) { values[try string()] = try boolean() }
        return values
    }

    mutating func returnValues() throws(FrameError) -> [UInt64: FailureClass] {
        var values: [UInt64: FailureClass] = [:]
        for _ in 0..<(try number(UInt16.self)) {
            let value = try number(UInt64.self)
            values[value] = FailureClass(rawValue: try number(UInt8.self)) ?? .unknown
        }
        return values
    }
}
