import ArgumentParser
import Installer

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The process: parses the command line, runs the command, and converts its result into output and an exit status.
@main
struct CommandLineProgram {
    private let arguments: [String]

    static func main() async {
        let program = CommandLineProgram(Array(CommandLine.arguments.dropFirst()))
        exit(await program.run().rawValue)
    }

    init(_ arguments: [String]) {
        self.arguments = arguments
    }

    private func run() async -> ExitStatus {
        if !arguments.isEmpty, let help = requestedHelp {
            Console.output.write(VisibleText(help))
            return .done
        }
        do {
            guard !arguments.isEmpty else {
                try await StartCommand.start()
                return .done
            }
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

    /// The leading words that name a command, its subcommands, and whether it only groups them. Read from the
    /// declarations: generating the full description would delay every command.
    private var named: (path: [String], subcommands: [String], isGroup: Bool) {
        var command: any ParsableCommand.Type = BuildkitInstaller.self
        var path: [String] = []
        while path.count < arguments.count,
            let next = command.configuration.subcommands.first(where: {
                $0.configuration.commandName == arguments[path.count]
            })
        {
            command = next
            path.append(arguments[path.count])
        }
        let below = command.configuration.subcommands.map { $0.configuration }
        let isGroup = !below.isEmpty && command.configuration.defaultSubcommand == nil
        return (path, below.filter { $0.shouldDisplay }.compactMap { $0.commandName }, isGroup)
    }

    /// The description of a command; nil if it does not exist.
    private func described(_ path: some Sequence<String>) -> CommandTree? {
        path.reduce(try? CommandTree.program.get()) { $0?.subcommand($1) }
    }

    /// The help page, if `--help` is anywhere in the arguments, `help` comes first, or the command only groups others.
    private var requestedHelp: String? {
        guard !arguments.contains(where: { $0.hasPrefix("---") }) else { return nil }
        let columns = Console.columns
        if arguments.first == "help" {
            return described(arguments.dropFirst()).map { HelpPage($0, columns: columns).text }
        }
        let (path, _, isGroup) = named
        let asksForHelp = arguments.prefix { $0 != "--" }.contains { ["--help", "-h"].contains($0) }
        guard asksForHelp || isGroup && path.count == arguments.count, unknownCommand == nil
        else { return nil }
        return described(path).map { HelpPage($0, columns: columns).text }
    }

    /// An unknown subcommand. ArgumentParser would parse it as an argument of the default subcommand.
    private var unknownCommand: InstallerError? {
        let (parts, names, _) = named
        guard parts.count < arguments.count else { return nil }
        let word = arguments[parts.count]
        guard !names.isEmpty, !word.hasPrefix("-"), !["help"].contains(word) else { return nil }
        let path = parts.joined(separator: " ")
        let prefix = (["buildkit-installer"] + parts).joined(separator: " ")
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
        let path = named.path
        let prefix = (["buildkit-installer"] + path).joined(separator: " ")
        return fail(
            InstallerError(
                BuildkitInstaller.message(for: error).withoutFullStop,
                hint: "Usage: \(described(path)?.usage ?? prefix)\nSee: \(prefix) --help", code: .usage))
    }

    private func fail(_ failure: InstallerError) -> ExitStatus {
        let status = ExitStatus(failure)
        if asksForJSON {
            JSONLines().result(.init(failed: failure, status: status))
        } else {
            Console.errors.failure(failure)
        }
        return status
    }

    /// Also if the command line could not be parsed.
    private var asksForJSON: Bool {
        let options = arguments.prefix { $0 != "--" }
        if options.contains(where: { ["--output=json", "-o=json", "-ojson"].contains($0) }) { return true }
        return zip(options, options.dropFirst()).contains { ["--output", "-o"].contains($0) && $1 == "json" }
    }
}
