import ArgumentParser
import FoundationEssentials
import Installer

/// A command with all of its arguments, as described by ArgumentParser.
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

    /// A command and its subcommands.
    init(of command: (some ParsableCommand).Type) throws {
        self = try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8)).command
    }

    private struct Dump: Decodable { var command: CommandTree }

    /// The words that are typed after the program's name; none for the program itself.
    var path: [String] {
        guard let above = superCommands, !above.isEmpty else { return [] }
        return above.dropFirst() + [commandName]
    }

    /// The program name and the command.
    var invocation: String { (["buildkit-installer"] + path).joined(separator: " ") }

    /// `help` is added by ArgumentParser and is not listed.
    var visibleSubcommands: [CommandTree] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    func subcommand(_ name: String) -> CommandTree? { subcommands?.first { $0.commandName == name } }

    /// Its default subcommand.
    var standIn: CommandTree? { defaultSubcommand.flatMap(subcommand) }

    /// The usage line.
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

    /// Its arguments, without those common to all commands. A flag and its inversion are one argument.
    var ownArguments: [Argument] {
        let shown = (arguments ?? []).filter { argument in
            argument.shouldDisplay && !["help", "version"].contains(argument.preferredName?.name)
        }
        func inversion(of argument: Argument) -> Argument? {
            guard let name = argument.preferredName?.name else { return nil }
            return shown.first { $0.kind == .flag && $0.preferredName?.name == "no-\(name)" }
        }
        let inversions = shown.compactMap { inversion(of: $0)?.preferredName?.name }
        return shown.filter { argument in !inversions.contains { $0 == argument.preferredName?.name } }
            .map { argument in
                var argument = argument
                argument.names = (argument.names ?? []) + (inversion(of: argument)?.names ?? [])
                return argument
            }
    }

    /// The leaf commands: those without subcommands.
    var leaves: [CommandTree] {
        let below = visibleSubcommands
        return below.isEmpty ? [self] : below.flatMap(\.leaves)
    }
}

/// The environment variables of options that are not settings.
enum OptionVariable: String, CaseIterable {
    case answers = "BUILDKIT_INSTALLER_ANSWERS"
    case theme = "BUILDKIT_INSTALLER_THEME"

    /// The option that takes precedence over the variable.
    var option: String {
        switch self {
        case .answers: "answers"
        case .theme: "theme"
        }
    }
}

extension CommandTree.Argument {
    /// The setting of the argument; nil for other arguments. No setting is a flag: even a toggle takes a value.
    var field: Field? { kind == .option ? preferredName.flatMap { Field.named($0.name) } : nil }

    /// Its environment variable, if it has one.
    var environmentVariable: String? {
        field?.variable ?? OptionVariable.allCases.first { $0.option == preferredName?.name }?.rawValue
    }

    /// As they are typed, the long one first.
    var flags: [String] {
        let names = names ?? []
        return names.filter { $0.kind == .long }.map { "--\($0.name)" }
            + names.filter { $0.kind != .long }.map { "-\($0.name)" }
    }
}
