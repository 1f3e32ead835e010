internal import Glibc

/// Checks that only root and the daemon's own user can change a file.
public enum FileTrust {
    /// The fault of the file, or of a directory or link on its path, completing "the file …". Nil when there
    /// is none, or when the file does not exist.
    public static func fault(ofFile path: String) -> String? {
        let steps: [PathWalk.Step]
        do { steps = try PathWalk.steps(to: path) } catch {
            switch error {
            case .notThere: return nil
            // Deny on error: a file that cannot be examined could belong to any user.
            case .unreadable(let step, _):
                return "cannot be trusted: the owner and mode of `\(step)` cannot be read: \(error.reason)"
            case .tooManyLinks: return "cannot be trusted: it is a link to a link, without an end"
            }
        }
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1
            if let fault = fault(step, name(step, isLast: isLast)) { return fault }
        }
        return nil
    }

    private static func name(_ step: PathWalk.Step, isLast: Bool) -> String {
        switch step.kind {
        case .link: "the link `\(step.path)`"
        case _ where isLast: "it"
        default: "the directory `\(step.path)`"
        }
    }

    private static func fault(_ step: PathWalk.Step, _ what: String) -> String? {
        guard step.owner == 0 || step.owner == geteuid() else {
            return
                "cannot be trusted: \(what) belongs to uid \(step.owner); give it to root or to the daemon's user"
        }
        guard !step.isOpenToOthers else {
            return "cannot be trusted: others can write \(what); take it from them (chmod go-w)"
        }
        return nil
    }
}
