import ArgumentParser
import Installer

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The process: takes the command line apart, runs the command, and turns whatever it ends with into lines and an
/// exit status, for people and for programs.
@main
struct CommandLineProgram {
    private let arguments: [String]
    private let commands: CommandTree?

    static func main() async {
        let program = CommandLineProgram(Array(CommandLine.arguments.dropFirst()))
        exit(await program.run().rawValue)
    }

    init(_ arguments: [String]) {
        self.arguments = arguments
        // Without the tree the help is ArgumentParser's own, which is still a help.
        commands = try? CommandTree(of: BuildkitInstaller.self)
    }

    private func run() async -> ExitStatus {
        if let help = requestedHelp {
            Console.output.write(VisibleText(help))
            return .done
        }
        do {
            if let unknown = unknownCommand { throw unknown }
            var command = try await BuildkitInstaller.asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .done
        } catch { return end(error) }
    }

    // MARK: Before parsing

    /// The command that the first words name, and how many they are.
    private var named: (command: CommandTree, depth: Int)? {
        guard var command = commands else { return nil }
        var depth = 0
        while depth < arguments.count, let next = command.subcommand(arguments[depth]) {
            command = next
            depth += 1
        }
        return (command, depth)
    }

    /// The help page, where `--help` stands anywhere, or `help` in front.
    private var requestedHelp: String? {
        guard let commands, !arguments.contains(where: { $0.hasPrefix("---") }) else { return nil }
        let columns = Console.columns
        if arguments.first == "help" {
            var command = commands
            for word in arguments.dropFirst() {
                guard let next = command.subcommand(word) else { return nil }
                command = next
            }
            return HelpPage(command, columns: columns).text
        }
        let options = arguments.prefix { $0 != "--" }
        guard options.contains(where: { ["--help", "-h"].contains($0) }), let named,
            unknownCommand == nil
        else { return nil }
        return HelpPage(named.command, columns: columns).text
    }

    /// A word where a command should be. ArgumentParser would take it for an argument of the default one.
    private var unknownCommand: InstallerError? {
        guard let named, named.depth < arguments.count else { return nil }
        let word = arguments[named.depth]
        let names = named.command.visibleSubcommands.map(\.commandName)
        guard !names.isEmpty, !word.hasPrefix("-"), !["help"].contains(word) else { return nil }
        let path = named.command.path.joined(separator: " ")
        let prefix = (["buildkit-installer"] + named.command.path).joined(separator: " ")
        let suggestion = nearest(to: word, in: names).map { "Did you mean: \(prefix) \($0)\n" } ?? ""
        return InstallerError(
            "Unknown command \"\(word)\"\(path.isEmpty ? "" : " of \(path)")",
            hint: "\(suggestion)Commands: \(names.joined(separator: ", "))\nSee: \(prefix) --help",
            code: .usage)
    }

    // MARK: The end

    private func end(_ error: any Error) -> ExitStatus {
        switch error {
        case let status as ExitStatus: return status
        case let failure as InstallerError: return fail(failure)
        case is CancellationError: return .interrupted
        default: break
        }
        let status = BuildkitInstaller.exitCode(for: error)
        if status.isSuccess {
            Console.output.line(BuildkitInstaller.fullMessage(for: error))
            return .done
        }
        guard status == .validationFailure else {
            return fail(InstallerError("Internal error", detail: "\(error)", code: .internalError))
        }
        let command = named?.command
        let prefix = (["buildkit-installer"] + (command?.path ?? [])).joined(separator: " ")
        return fail(
            InstallerError(
                BuildkitInstaller.message(for: error).withoutFullStop,
                hint: "Usage: \(command?.usage ?? prefix)\nSee: \(prefix) --help", code: .usage))
    }

    private func fail(_ failure: InstallerError) -> ExitStatus {
        let status = ExitStatus(failure)
        if asksForJSON {
            JSONLines().result(.init(failed: failure, status: status))
        } else {
            Console.errors.line("Error: \(failure)")
        }
        return status
    }

    /// Also where the command line is so wrong that nobody parsed it.
    private var asksForJSON: Bool {
        let options = arguments.prefix { $0 != "--" }
        if options.contains(where: { ["--output=json", "-o=json", "-ojson"].contains($0) }) { return true }
        return zip(options, options.dropFirst()).contains { ["--output", "-o"].contains($0) && $1 == "json" }
    }
}
