import ArgumentParser
import FoundationEssentials
import Installer

/// `buildkit-installer client`: manages clients.
struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Add, list, renew and revoke clients.",
        discussion: Discussion.text(
            "Each client has its own certificate and, if roles are enabled, a role.",
            examples: ["client add alice --role builder --bundle alice.tar --yes", "client list"],
            statuses: ExitStatus.ofRuns),
        subcommands: [AddClient.self, ListClientsCommand.self, RenewClient.self, RevokeClient.self])
}

/// `buildkit-installer client add NAME`
struct AddClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Issue a certificate for a client and assign a role.",
        discussion: Discussion.text(
            """
            An existing client keeps its certificate and gets the role. --bundle writes a directory or an archive \
            (.tar, .tar.gz) with the certificates, the private key and a script that registers the builder; for an \
            existing client, too.
            """,
            examples: ["client add alice --bundle alice.tar --yes", "client add ci --role builder --yes"],
            statuses: ExitStatus.ofRuns))

    @Argument(
        help: ArgumentHelp("Client name: a person, a machine or a job. Same as --name.", valueName: "name"))
    var client: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Client") var fields: ClientOptions
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func validate() throws { try fields.checkName(against: client) }

    func run() async throws {
        try await ClientRun(.addClient, options, [fields, installation], name: client).run()
    }
}

/// `buildkit-installer client renew NAME`
struct RenewClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Issue a new certificate for an existing client.",
        discussion: Discussion.text(
            """
            The client keeps its role, unless --role is given. Its old certificate stays valid until it expires or is \
            revoked. --bundle writes the new one for delivery.
            """,
            examples: ["client renew alice --yes", "client renew alice --bundle alice.tar --yes"],
            statuses: ExitStatus.ofRuns))

    @Argument(
        help: ArgumentHelp("Client name. Same as --name.", valueName: "name"), completion: .clientNames)
    var client: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Client") var fields: ClientOptions
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func validate() throws { try fields.checkName(against: client) }

    func run() async throws {
        try await ClientRun(.renewClient, options, [fields, installation], name: client).run()
    }
}

/// `buildkit-installer client revoke NAME`
struct RevokeClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a client.",
        discussion: Discussion.text(
            """
            Revokes all certificates of the client, including replaced ones. Running builds finish. With --now they \
            are terminated, together with the builds of all other clients.
            """,
            examples: ["client revoke alice --yes", "client revoke --serial 5f0c1d2e3a4b --yes"],
            statuses: ExitStatus.ofRuns))

    @Argument(
        help: ArgumentHelp("Client name. Same as --name.", valueName: "name"), completion: .clientNames)
    var client: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Revocation") var fields: RevocationOptions
    @OptionGroup(title: "Installation") var installation: ClientInstallationOptions

    func validate() throws {
        try fields.checkName(against: client)
        guard (client ?? fields.name) == nil || fields.serial == nil else {
            throw ValidationError("A client and --serial are mutually exclusive")
        }
    }

    func run() async throws {
        try await ClientRun(.revokeClient, options, [fields, installation], name: client).run()
    }
}

extension ClientOptions {
    fileprivate func checkName(against argument: String?) throws { try agree(argument, name) }
}

extension RevocationOptions {
    fileprivate func checkName(against argument: String?) throws { try agree(argument, name) }
}

private func agree(_ argument: String?, _ option: String?) throws {
    guard let argument, let option, argument != option else { return }
    throw ValidationError("Two client names are given: \(argument) and --name \(option)")
}

/// A command that changes a client: it never opens the wizard; on a terminal it only asks for confirmation.
private struct ClientRun {
    private let session: CommandContext
    private let verb: Workflow

    init(_ verb: Workflow, _ options: RunOptions, _ fields: [any FieldFlags], name: String?) throws {
        var flags = fields.reduce(into: [:]) { $0.merge($1.given) { $1 } }
        if let name { flags["name"] = name }
        (session, self.verb) = (try CommandContext(options.settings, flags: flags), verb)
    }

    func run() async throws {
        let answers = try session.answers()
        guard !answers.name.isEmpty || (verb == .revokeClient && !answers.serials.isEmpty) else {
            throw ValidationError("Missing client name")
        }
        try await NonInteractiveRun(session: session, verb: verb, confirms: session.isAttended).run()
    }
}

/// `buildkit-installer client list`
struct ListClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List clients with role, certificates and last connection.",
        discussion: Discussion.text(
            "Reads this machine and the cluster, and makes no changes.",
            examples: ["client list", "client list --namespace buildkit --output json"],
            statuses: [.done, .failed, .badUsage, .noInput, .interrupted]))

    @OptionGroup(title: "Installation") var installation: InstallationOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let session = try CommandContext(report.settings, flags: installation.given)
        let answers = try await session.answers(for: .addClient)
        let register = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await ClientReport.look(in: dependencies, answers)
        }
        session.reporter.report(register)
    }
}
