import ArgumentParser
import FoundationEssentials
import Installer

/// `buildkit-installer client list`
struct ListClients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show every client: its role, its certificates, and when it came last."
    )

    @Option(name: [.long, .customShort("o")], help: "text, or json.") var output = RunOptions.Output.text
    @OptionGroup(title: "Installation") var installation: InstallationOptions

    func run() async throws {
        let session = Session(try .none(), flags: installation.given)
        let answers = try await session.answers(for: .addClient)
        let register = await ClientRegister.look(in: session.world, answers)
        switch output {
        case .text: for line in register.lines { Console.output.line(line) }
        case .json: JSONReporter().register(register)
        }
    }
}
