internal import TokenWorker

// `--collect-pin` and a prompt, or nothing for standard input: before a worker can start, the PIN is given.
let arguments = CommandLine.arguments
if arguments.count > 1, arguments[1] == "--collect-pin" {
    PINCollector.leave(prompt: arguments.count > 2 ? arguments[2] : nil)
}
Worker.run()
