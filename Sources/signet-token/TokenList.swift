internal import ArgumentParser
internal import TokenWorker

struct TokenList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the tokens a module has. No PIN is needed.")

    @OptionGroup var module: ModuleOption

    func run() throws {
        let tokens = try reporting { try Officer.tokens(modulePath: module.module) }
        if module.json { return try printJSON(tokens) }
        let rows = tokens.map {
            [
                $0.isInitialized ? $0.label : "(not initialised)", $0.serialNumber, $0.userPIN,
                $0.manufacturer,
                $0.model, $0.firmware,
            ]
        }
        print(table([["TOKEN", "SERIAL", "USER PIN", "MANUFACTURER", "MODEL", "FIRMWARE"]] + rows))
    }
}
