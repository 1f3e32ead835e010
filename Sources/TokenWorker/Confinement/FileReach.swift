internal import CPlatform
internal import Glibc
internal import TokenProtocol

/// The files that a module may reach under Landlock.
struct FileReach {
    /// An existing file or directory, opened with O_PATH.
    struct Place {
        let descriptor: Int32
        /// The path with links resolved.
        let path: String
        let isWritable: Bool
    }

    /// A file or directory that the module may need.
    private struct Rule {
        let path: String
        let isWritable: Bool
        let origin: Origin
        /// The directory that must contain it after links are resolved; nil for no limit.
        var bounds: RealPath?
    }

    private enum Origin: Equatable {
        /// A part of the system, or the module's directory. Closed files in it are left out.
        case system
        /// A setting of the profile or of the module's own configuration.
        case setting(String)
        /// The token's `paths`.
        case token

        /// For messages.
        var setting: String? {
            switch self {
            case .system: nil
            case .setting(let name): name
            case .token: "`paths`"
            }
        }
    }

    private let opening: WorkerRequest.Opening
    /// Directories and files that no rule may contain, with links resolved.
    private let closed: [RealPath]
    private let environment: [String: String]

    /// - Parameter environment: the module's environment
    init(_ opening: WorkerRequest.Opening, environment: [String: String] = ModuleFiles.ownEnvironment()) {
        self.opening = opening
        self.environment = environment
        closed = (opening.confinement.protected + opening.confinement.hidden).map(RealPath.init(resolving:))
    }

    /// The existing files and directories that the module may reach. None of them contains a closed file.
    /// - Throws: when a setting names a directory with a closed file, or a token's `paths` a file in a closed
    ///   directory
    func places() throws(WorkerFailure) -> [Place] {
        var places: [Place] = []
        for rule in systemRules + moduleRules { try add(rule, to: &places) }
        return places
    }

    private var systemRules: [Rule] {
        var reading = SystemFiles.read
        if opening.profile.sockets.contains(.internet) { reading += SystemFiles.readForNames }
        return reading.map { Rule(path: $0, isWritable: false, origin: .system) }
            + SystemFiles.written.map { Rule(path: $0, isWritable: true, origin: .system) }
    }

    /// Files that the module could write in an earlier run must not decide its reach. So no path may lead
    /// through a directory that the module can write, and no file in such a directory is read as
    /// configuration.
    private var moduleRules: [Rule] {
        let files = ModuleFiles(opening, environment: environment)
        var roots: [RealPath] = []
        var rules: [Rule] = []
        let configured =
            opening.confinement.paths.map { Rule(path: $0, isWritable: true, origin: .token) }
            + opening.profile.paths.map {
                Rule(path: $0, isWritable: true, origin: .setting("`paths` of the profile"))
            }
        // Directories come before their contents.
        for rule in configured.sorted(by: { $0.path.utf8.count < $1.path.utf8.count })
        where !RealPath.leads(rule.path, through: roots) {
            roots.append(RealPath(resolving: rule.path))
            rules.append(rule)
        }
        for named in files.named {
            let own = RealPath(resolving: named.path)
            if let source = named.source, RealPath.leads(source, through: roots + [own]) { continue }
            guard !RealPath.leads(named.path, through: roots) else { continue }
            roots.append(own)
            rules.append(Rule(path: named.path, isWritable: true, origin: .setting(named.setting)))
        }
        return rules
            + files.read.filter { !RealPath.leads($0, through: roots) }
            .map { Rule(path: $0, isWritable: false, origin: .system) }
    }

    private func add(_ rule: Rule, to places: inout [Place]) throws(WorkerFailure) {
        // Missing and inaccessible files are skipped.
        let descriptor = unsafe signet_open_path(rule.path)
        guard descriptor >= 0 else { return }
        guard let path = RealPath(of: descriptor) else {
            close(descriptor)
            throw WorkerFailure(
                .configuration,
                "what `\(rule.path)` stands for cannot be read from /proc; no module is loaded")
        }
        if let bounds = rule.bounds, path == bounds || !bounds.contains(path) {
            close(descriptor)
            return
        }
        let within = closed.filter { path.contains($0) }
        guard within.isEmpty else {
            close(descriptor)
            guard let setting = rule.origin.setting else { return try addParts(of: path, rule, to: &places) }
            throw WorkerFailure(
                .configuration,
                "`\(rule.path)`, which \(setting) names, contains `\(within[0].text)`, which no module may reach"
            )
        }
        if rule.origin == .token,
            let state = opening.confinement.protected.map(RealPath.init(resolving:)).first(where: {
                $0.contains(path)
            })
        {
            close(descriptor)
            throw WorkerFailure(
                .configuration,
                "`\(rule.path)`, which `paths` names, lies in `\(state.text)`, which no module may reach")
        }
        places.append(Place(descriptor: descriptor, path: path.text, isWritable: rule.isWritable))
    }

    /// Adds the parts of a system directory that contains a closed file: all of its entries except that file,
    /// and the targets of its links outside of it.
    private func addParts(of directory: RealPath, _ rule: Rule, to places: inout [Place])
        throws(WorkerFailure)
    {
        guard !closed.contains(directory) else { return }
        for name in directory.entries() {
            try add(
                Rule(
                    path: "\(directory.text)/\(name)", isWritable: rule.isWritable, origin: .system,
                    bounds: directory),
                to: &places)
        }
    }
}
