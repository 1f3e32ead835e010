internal import ArgumentParser
internal import TokenOffice
internal import VisibleText

struct TokenList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the tokens a module has. No PIN is needed.")

    @OptionGroup var module: ModuleOptions

    func run() throws {
        let tokens = try reporting {
            try Officer.tokens(module.location, profile: try module.loadProfile())
        }
        if module.json { return try printJSON(tokens) }
        let rows = tokens.map {
            [
                String($0.slot), $0.isInitialized ? $0.label : "(not initialized)", $0.serialNumber,
                $0.userPIN,
                $0.manufacturer,
                $0.model, $0.firmware,
            ]
        }
        Output.line(
            table([["SLOT", "TOKEN", "SERIAL", "USER PIN", "MANUFACTURER", "MODEL", "FIRMWARE"]] + rows))
    }
}
