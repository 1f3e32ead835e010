/// The version of a module's library, as C_GetInfo reports it.
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

/// Settings of a profile for a range of library versions. They replace the general ones; nil keeps the
/// general setting.
public struct VersionProfile: Sendable, Hashable {
    /// The first version of the range; nil for no lower end.
    public var from: LibraryVersion?
    /// The first version after the range; nil for no upper end.
    public var below: LibraryVersion?
    public var omittedFromTemplates: Set<String>?
    public var mayBeUnavailable: Set<String>?
    public var adjusted: [String: Bool]?
    public var returnValues: [UInt64: FailureClass]?

    public init(from: LibraryVersion?, below: LibraryVersion?) {
        self.from = from
        self.below = below
    }

    public func contains(_ version: LibraryVersion) -> Bool {
        from.map { $0 <= version } ?? true && below.map { version < $0 } ?? true
    }

    /// Whether the ranges have a version in common.
    public func overlaps(_ other: VersionProfile) -> Bool {
        func begins(_ one: VersionProfile, before end: LibraryVersion?) -> Bool {
            guard let begin = one.from, let end else { return true }
            return begin < end
        }
        return begins(self, before: other.below) && begins(other, before: below)
    }
}

extension TokenProfile {
    /// The profile for one version of the library. The result does not depend on the version any more.
    public func resolved(for version: LibraryVersion) -> TokenProfile {
        var profile = self
        profile.versions = []
        guard let own = versions.first(where: { $0.contains(version) }) else { return profile }
        if let omitted = own.omittedFromTemplates { profile.omittedFromTemplates = omitted }
        if let silent = own.mayBeUnavailable { profile.mayBeUnavailable = silent }
        if let adjusted = own.adjusted { profile.adjusted = adjusted }
        if let returnValues = own.returnValues { profile.returnValues = returnValues }
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
        writer.put(omittedFromTemplates != nil)
        writer.put((omittedFromTemplates ?? []).sorted())
        writer.put(mayBeUnavailable != nil)
        writer.put((mayBeUnavailable ?? []).sorted())
        writer.put(adjusted != nil)
        writer.put(adjusted ?? [:])
        writer.put(returnValues != nil)
        writer.put(returnValues ?? [:])
    }

    init(from reader: inout FrameReader) throws(FrameError) {
        from = try reader.libraryVersion()
        below = try reader.libraryVersion()
        let omits = try reader.boolean()
        let omitted = Set(try reader.strings())
        omittedFromTemplates = omits ? omitted : nil
        let isSilent = try reader.boolean()
        let silent = Set(try reader.strings())
        mayBeUnavailable = isSilent ? silent : nil
        let adjusts = try reader.boolean()
        let values = try reader.adjustments()
        adjusted = adjusts ? values : nil
        let hasValues = try reader.boolean()
        let classes = try reader.returnValues()
        returnValues = hasValues ? classes : nil
        // As for a profile, daemon and worker both check that it waives only permitted attributes.
        guard silent.isSubset(of: TokenProfile.waivable),
            Set(values.keys).isSubset(of: TokenProfile.adjustable)
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
