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
        /// Which setting names it; nil for a part of the system.
        let setting: String?
    }

    private let opening: WorkerRequest.Opening
    /// Directories and files that no rule may contain, links followed.
    private let closed: [RealPath]

    init(_ opening: WorkerRequest.Opening) {
        self.opening = opening
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
        return reading.map { Wish(path: $0, isWritable: false, setting: nil) }
            + SystemFiles.written.map { Wish(path: $0, isWritable: true, setting: nil) }
    }

    private var moduleWishes: [Wish] {
        let files = ModuleFiles(opening)
        return files.read.map { Wish(path: $0, isWritable: false, setting: nil) }
            + files.named.map { Wish(path: $0.path, isWritable: true, setting: $0.setting) }
            + opening.profile.paths.map {
                Wish(path: $0, isWritable: true, setting: "`paths` of the profile")
            }
            + opening.walls.paths.map { Wish(path: $0, isWritable: true, setting: "`paths`") }
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
        let within = closed.filter { path.contains($0) }
        guard within.isEmpty else {
            close(descriptor)
            guard let setting = wish.setting else { return try addParts(of: path, wish, to: &places) }
            throw WorkerFailure(
                .configuration,
                "`\(wish.path)`, which \(setting) names, contains `\(within[0].text)`, which no module may reach"
            )
        }
        if wish.setting == "`paths`",
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

    /// A directory of the system in which something closed lies: everything in it but that.
    private func addParts(of directory: RealPath, _ wish: Wish, to places: inout [Place])
        throws(WorkerFailure)
    {
        guard !closed.contains(directory) else { return }
        for name in directory.entries() {
            try add(
                Wish(path: "\(directory.text)/\(name)", isWritable: wish.isWritable, setting: nil),
                to: &places)
        }
    }
}
