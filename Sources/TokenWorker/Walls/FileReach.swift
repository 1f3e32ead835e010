internal import CPlatform
internal import Glibc
internal import TokenProtocol

/// The files that a module may reach under Landlock.
struct FileReach {
    /// Something that is there, opened with O_PATH.
    struct Place {
        let descriptor: Int32
        /// Links followed.
        let path: String
        let isWritable: Bool
    }

    /// Something that the module may need.
    private struct Wish {
        let path: String
        let isWritable: Bool
        let origin: Origin
        /// A directory that it must lie below once links are followed; nil for anywhere.
        var bounds: RealPath?
    }

    private enum Origin: Equatable {
        /// A part of the system, or the module's directory: it may hold what is closed, which is left out.
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
    /// Directories and files that no rule may contain, links followed.
    private let closed: [RealPath]
    private let environment: [String: String]

    /// - Parameter environment: what the module will find in its own
    init(_ opening: WorkerRequest.Opening, environment: [String: String] = ModuleFiles.ownEnvironment()) {
        self.opening = opening
        self.environment = environment
        closed = (opening.walls.protected + opening.walls.hidden).map(RealPath.init(resolving:))
    }

    /// What is there of everything the module may reach. Whatever is closed lies in none of it.
    /// - Throws: when a setting names what contains something closed, or a token's `paths` what lies in it
    func places() throws(WorkerFailure) -> [Place] {
        var places: [Place] = []
        for wish in systemWishes + moduleWishes { try add(wish, to: &places) }
        return places
    }

    private var systemWishes: [Wish] {
        var reading = SystemFiles.read
        if opening.profile.sockets.contains(.internet) { reading += SystemFiles.readForNames }
        return reading.map { Wish(path: $0, isWritable: false, origin: .system) }
            + SystemFiles.written.map { Wish(path: $0, isWritable: true, origin: .system) }
    }

    /// What a module could write when it ran before decides nothing now: no path is followed through a directory that is
    /// open to it, where it may have left a link, and no file there says what is open.
    private var moduleWishes: [Wish] {
        let files = ModuleFiles(opening, environment: environment)
        var roots: [RealPath] = []
        var wishes: [Wish] = []
        let configured =
            opening.walls.paths.map { Wish(path: $0, isWritable: true, origin: .token) }
            + opening.profile.paths.map {
                Wish(path: $0, isWritable: true, origin: .setting("`paths` of the profile"))
            }
        // A directory before those in it.
        for wish in configured.sorted(by: { $0.path.utf8.count < $1.path.utf8.count })
        where !RealPath.leads(wish.path, through: roots) {
            roots.append(RealPath(resolving: wish.path))
            wishes.append(wish)
        }
        for named in files.named {
            let own = RealPath(resolving: named.path)
            if let source = named.source, RealPath.leads(source, through: roots + [own]) { continue }
            guard !RealPath.leads(named.path, through: roots) else { continue }
            roots.append(own)
            wishes.append(Wish(path: named.path, isWritable: true, origin: .setting(named.setting)))
        }
        return wishes
            + files.read.filter { !RealPath.leads($0, through: roots) }
            .map { Wish(path: $0, isWritable: false, origin: .system) }
    }

    private func add(_ wish: Wish, to places: inout [Place]) throws(WorkerFailure) {
        // What is not there, or not for this user, is not reached.
        let descriptor = unsafe signet_open_path(wish.path)
        guard descriptor >= 0 else { return }
        guard let path = RealPath(of: descriptor) else {
            close(descriptor)
            throw WorkerFailure(
                .configuration,
                "what `\(wish.path)` stands for cannot be read from /proc; no module is loaded")
        }
        if let bounds = wish.bounds, path == bounds || !bounds.contains(path) {
            close(descriptor)
            return
        }
        let within = closed.filter { path.contains($0) }
        guard within.isEmpty else {
            close(descriptor)
            guard let setting = wish.origin.setting else { return try addParts(of: path, wish, to: &places) }
            throw WorkerFailure(
                .configuration,
                "`\(wish.path)`, which \(setting) names, contains `\(within[0].text)`, which no module may reach"
            )
        }
        if wish.origin == .token,
            let state = opening.walls.protected.map(RealPath.init(resolving:)).first(where: {
                $0.contains(path)
            })
        {
            close(descriptor)
            throw WorkerFailure(
                .configuration,
                "`\(wish.path)`, which `paths` names, lies in `\(state.text)`, which no module may reach")
        }
        places.append(Place(descriptor: descriptor, path: path.text, isWritable: wish.isWritable))
    }

    /// A directory of the system in which something closed lies: everything in it but that, and what its links lead to outside
    /// of it.
    private func addParts(of directory: RealPath, _ wish: Wish, to places: inout [Place])
        throws(WorkerFailure)
    {
        guard !closed.contains(directory) else { return }
        for name in directory.entries() {
            try add(
                Wish(
                    path: "\(directory.text)/\(name)", isWritable: wish.isWritable, origin: .system,
                    bounds: directory),
                to: &places)
        }
    }
}
