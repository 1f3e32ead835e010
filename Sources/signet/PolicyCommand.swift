internal import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Which principals may do what, and why.",
        subcommands: [
            PolicyExplain.self, PolicyMatrix.self, PolicyCheck.self, PolicyTest.self, PolicyStatus.self,
            PolicyReload.self,
        ])
}
