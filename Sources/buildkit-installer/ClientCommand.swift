import ArgumentParser
import FoundationEssentials
import Installer

/// `buildkit-installer client`: who may build.
struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Add, list, renew and revoke clients.",
        discussion: "Who may build: each has a certificate of its own, and a role where roles are in force.",
        subcommands: [AddClient.self, ListClientsCommand.self, RenewClient.self, RevokeClient.self])
}

/// `buildkit-installer client add NAME`
struct AddClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give a client a certificate of its own, and a role.",
        discussion: """
            A client that is there already keeps its certificate, and gets the role. --bundle puts all that it needs
            into a folder or a file.tar, with a script that registers the builder.
            """)

    @Argument(help: "Who: a person, a machine or a job.") var client: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Client") var fields: ClientOptions
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func run() async throws {
        try await ClientVerb(.addClient, options, [fields, installation], name: client).run()
    }
}

/// `buildkit-installer client renew NAME`
struct RenewClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Give a client a new certificate, and keep its role.")

    @Argument(help: "Who.") var client: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Client") var fields: ClientOptions
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func run() async throws {
        try await ClientVerb(.renewClient, options, [fields, installation], name: client).run()
    }
}

/// `buildkit-installer client revoke NAME`
struct RevokeClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Let a client in no more.",
        discussion: """
            All its certificates are revoked, those that were replaced too, and it begins nothing more. A build that
            runs goes on until it ends, or with --now ends at once, together with everybody else's.
            """)

    @Argument(help: "Who.") var client: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Revocation") var fields: RevocationOptions
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func run() async throws {
        try await ClientVerb(.revokeClient, options, [fields, installation], name: client).run()
    }
}

/// One of the verbs that change a client: as flags on a terminal and without one, where it only asks whether to go on.
private struct ClientVerb {
    private let session: CommandContext
    private let verb: Workflow

    init(_ verb: Workflow, _ options: RunOptions, _ fields: [any FieldFlags], name: String?) throws {
        var flags = fields.reduce(into: [:]) { $0.merge($1.given) { $1 } }
        if let name { flags["name"] = name }
        (session, self.verb) = (try CommandContext(options, flags: flags), verb)
    }

    func run() async throws {
        guard session.flags["name"] != nil || session.flags["serial"] != nil else {
            throw ValidationError("Nobody is named: buildkit-installer \(verb.id) NAME")
        }
        try await NonInteractiveRun(session: session, verb: verb, confirms: session.isAttended).run()
    }
}

/// `buildkit-installer client list`
struct ListClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show every client: its role, its certificates, and when it came last."
    )

    @Option(name: [.long, .customShort("o")], help: "text, or json.") var output = RunOptions.Output.text
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func run() async throws {
        let session = try CommandContext(.none(), flags: installation.given)
        let answers = try await session.answers(for: .addClient)
        let register = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await ClientReport.look(in: dependencies, answers)
        }
        switch output {
        case .text: for line in register.lines { Console.output.line(line) }
        case .json: JSONReporter().register(register)
        }
    }
}
