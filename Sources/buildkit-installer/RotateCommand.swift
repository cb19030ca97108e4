import ArgumentParser
import Installer

/// `buildkit-installer rotate`: new certificates while builds go on.
struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Renew certificates while builds go on.",
        discussion: """
            Without more, the server and the clients get new certificates of the authority that is there. With
            --renew authority there is a new authority too; clients elsewhere go on with what they have, and
            --finish drops the former one once each of them has new files.
            A rotation that was interrupted is gone on with.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: RotateOptions

    @Flag(name: .long, help: "Trust the former authority no longer: as --renew finish.")
    var finish = false

    @Flag(name: .long, help: "Change nothing; end with 3 where something is due, within --if-due or 30 days.")
    var check = false

    mutating func run() async throws {
        var flags = fields.given
        if finish { flags["renew"] = RotationScope.finish.rawValue }
        let session = CommandContext(options, flags: flags)
        if check { return try await ExpiryCheck(session: session).tell() }
        guard !session.isAttended else { return try await session.attended(.rotate, from: .verb) }
        try await NonInteractiveRun(session: session, verb: .rotate).run()
    }
}

/// Every question of a rotation as a flag.
struct RotateOptions: FieldFlags {
    @Option(.context) var context: String?
    @Option(.namespace) var namespace: String?
    @Option(.release) var release: String?
    @Option(.builder) var builder: String?
    @Option(.certs) var certs: String?
    @Option(.renew) var renew: String?
    @Option(.sans) var sans: String?
    @Option(.days) var days: String?
    @Option(.authorityDays) var authorityDays: String?
    @Option(.keyAlgorithm) var keyAlgorithm: String?
    @Option(.ifDue) var ifDue: String?
    @Option(toggle: .force) var force: String?
    @Option(toggle: .takeOver) var takeOver: String?
    @Option(.exposure) var exposure: String?
    @Option(.port) var port: String?
    @Option(.nodePort) var nodePort: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?
    @Option(.timeout) var timeout: String?
    @Option(toggle: .verify) var verify: String?
}

/// Tells when the certificates end, for people and for whoever renews them by a timer.
struct ExpiryCheck {
    /// As many days are soon where nobody says otherwise.
    private static let usual = 30

    let session: CommandContext

    /// - Throws: an exit status of its own where something is due.
    func tell() async throws {
        let answers = try await session.answers(for: .rotate)
        let facts = await Workflow.rotate.survey(answers, in: session.dependencies).complete()
        let days = answers.ifDue ?? Self.usual
        let inventory = CertificateInventory(facts, now: facts.lookedAt, soon: days)
        session.reporter.certificates(inventory)
        if !inventory.due(within: days).isEmpty { throw ExitStatus.certificatesDue }
    }
}
