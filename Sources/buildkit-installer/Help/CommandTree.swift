import ArgumentParser
import FoundationEssentials
import Installer

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
        var isOptional: Bool?
        var isRepeating: Bool?
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
    var defaultSubcommand: String?
    var subcommands: [CommandTree]?
    var arguments: [Argument]?

    /// A command, and those below it.
    init(of command: (some ParsableCommand).Type) throws {
        self = try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8)).command
    }

    private struct Dump: Decodable { var command: CommandTree }

    /// The words that are typed after the program's name; none for the program itself.
    var path: [String] {
        guard let above = superCommands, !above.isEmpty else { return [] }
        return above.dropFirst() + [commandName]
    }

    /// The command line as far as it names the command.
    var invocation: String { (["buildkit-installer"] + path).joined(separator: " ") }

    /// `help` is ArgumentParser's own, and nothing that one looks up.
    var visibleSubcommands: [CommandTree] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    func subcommand(_ name: String) -> CommandTree? { subcommands?.first { $0.commandName == name } }

    /// What stands in for it where none of its subcommands is named.
    var standIn: CommandTree? { defaultSubcommand.flatMap(subcommand) }

    /// How it is typed.
    var usage: String {
        guard visibleSubcommands.isEmpty else {
            return standIn == nil
                ? "\(invocation) <command>" : "\(invocation) [<options>]\n       \(invocation) <command>"
        }
        let values = ownArguments.filter { $0.kind == .positional }.map { argument in
            let name = "<\(argument.valueName ?? "")>"
            return argument.isOptional == true ? "[\(name)]" : name
        }
        let hasOptions = ownArguments.contains { $0.kind != .positional }
        return ([invocation] + values + (hasOptions ? ["[<options>]"] : [])).joined(separator: " ")
    }

    /// What it takes, without what every command takes.
    var ownArguments: [Argument] {
        (arguments ?? []).filter { argument in
            argument.shouldDisplay && !["help", "version"].contains(argument.preferredName?.name)
        }
    }

    /// The commands that can be typed: those that have no commands below them.
    var leaves: [CommandTree] {
        let below = visibleSubcommands
        return below.isEmpty ? [self] : below.flatMap(\.leaves)
    }
}

extension CommandTree.Argument {
    /// The question that it answers; nil for what is no question.
    var field: Field? { preferredName.flatMap { Field.named($0.name) } }

    /// As they are typed, the long one first.
    var flags: [String] {
        let names = names ?? []
        return names.filter { $0.kind == .long }.map { "--\($0.name)" }
            + names.filter { $0.kind != .long }.map { "-\($0.name)" }
    }
}
