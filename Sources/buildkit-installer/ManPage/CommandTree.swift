import ArgumentParser
import FoundationEssentials

/// A command with all that it takes, as ArgumentParser describes it.
struct CommandTree: Decodable {
    struct Argument: Decodable {
        enum Kind: String, Decodable { case positional, option, flag }

        struct Name: Decodable {
            enum Kind: String, Decodable { case long, short, longWithSingleDash }
            var kind: Kind
            var name: String
        }

        var kind: Kind
        var shouldDisplay: Bool
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
    }

    var superCommands: [String]?
    var commandName: String
    var shouldDisplay: Bool
    var abstract: String?
    var discussion: String?
    var subcommands: [CommandTree]?
    var arguments: [Argument]?

    /// A command, and those below it.
    init(of command: (some ParsableCommand).Type) throws {
        self = try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8)).command
    }

    private struct Dump: Decodable { var command: CommandTree }

    /// The words that are typed after the program's name.
    var path: [String] { (superCommands ?? []).dropFirst() + [commandName] }

    /// What it takes, without what every command takes.
    var ownArguments: [Argument] {
        (arguments ?? []).filter { argument in
            argument.shouldDisplay && !["help", "version"].contains(argument.preferredName?.name)
        }
    }

    /// The commands that can be typed: those that have no commands below them.
    var leaves: [CommandTree] {
        // `help` is ArgumentParser's own, and nothing that one looks up.
        let below = (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        return below.isEmpty ? [self] : below.flatMap(\.leaves)
    }
}
