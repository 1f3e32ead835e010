internal import TokenWorker

// With `--collect-pin` this process reads a PIN, from the terminal if a prompt follows, and otherwise from
// standard input.
let arguments = CommandLine.arguments
if arguments.count > 1, arguments[1] == "--collect-pin" {
    PINCollector.leave(prompt: arguments.count > 2 ? arguments[2] : nil)
}
Worker.run()
