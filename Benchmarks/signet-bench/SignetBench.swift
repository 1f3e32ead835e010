internal import ArgumentParser

@main
struct SignetBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-bench",
        abstract: "Measures one thing and prints one line of JSON; Scripts/bench puts the lines together.",
        subcommands: [
            WorkerBenchmark.self, FillBenchmark.self, PrepareBenchmark.self, PolicyBenchmark.self,
        ])
}
