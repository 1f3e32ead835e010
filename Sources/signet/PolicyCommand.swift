internal import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Who may do what, and why.",
        subcommands: [PolicyStatus.self, PolicyReload.self])
}
