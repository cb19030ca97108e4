import ArgumentParser
import FoundationEssentials
import Installer
import MutualTLS

/// `buildkit-installer rotate`: renews certificates without downtime.
struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Renew certificates without downtime.",
        discussion: Discussion.text(
            """
            By default the server and the clients get new certificates, signed by the current CA; for a client on another \
            machine, `client add <name> --bundle <file>` writes them for delivery. \
            --renew authority adds a new CA: clients on other machines can still connect with their certificates. --finish \
            stops trusting the old CA after all clients have new certificates. An interrupted rotation is resumed.
            """,
            examples: ["rotate --if-due 30d --yes", "rotate --renew authority --yes", "rotate --check"],
            statuses: ExitStatus.ofRuns,
            meanings: [
                .failed:
                    "The run failed. With --check: some certificates could not be read, and none of the others is due.",
                .certificatesDue: "With --check: a certificate expires within --if-due (default: 30 days).",
            ]))

    @OptionGroup var options: RunOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup(title: "Settings") var fields: RotateOptions

    @Flag(name: .long, help: "Stop trusting the old CA. Same as --renew finish.")
    var finish = false

    @Flag(
        name: .long,
        help:
            "Make no changes; exit 3 if a certificate expires within --if-due (if not given: 30 days)."
    )
    var check = false

    func validate() throws {
        if finish, let renew = fields.renew, renew != RotationScope.finish.rawValue {
            throw ValidationError("--finish and --renew \(renew) are mutually exclusive")
        }
        if check, finish || options.printCommands || options.checksOnly || options.keepOnFailure {
            throw ValidationError("--check makes no changes and cannot be combined with rotation options")
        }
    }

    mutating func run() async throws {
        var flags = fields.given
        if finish { flags["renew"] = RotationScope.finish.rawValue }
        let session = try CommandContext(options.settings, flags: flags)
        if check { return try await ExpiryCheck(session: session).tell() }
        guard !session.isAttended else {
            return try await session.attended(.rotate, from: .verb, in: screen.theme)
        }
        try await NonInteractiveRun(session: session, verb: .rotate).run()
    }
}

/// All settings of a rotation as flags.
struct RotateOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
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

/// Reports when certificates expire, for users and for timers that renew them.
struct ExpiryCheck {
    let session: CommandContext

    /// - Throws: a separate exit status if a certificate is due. Otherwise a failure if some could not be read, also without a
    /// kubeconfig: that a timer does not find it is no reason to report success.
    func tell() async throws {
        let settings = try await session.answers(for: .rotate)
        let (answers, facts) = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await Workflow.rotate.survey(settings, in: dependencies).report()
        }
        let report = ExpiryReport(facts, answers, days: answers.ifDue ?? CertificateSummary.usualLimit)
        session.reporter.report(report)
        if !report.due.isEmpty { throw ExitStatus.certificatesDue }
        guard report.isComplete else { throw ExitStatus.failed }
    }
}

/// The certificates, and which of them are due: the output of `rotate --check`.
struct ExpiryReport: Report {
    static let kind = "certificates"

    let inventory: CertificateInventory
    let days: Int
    let due: [CertificateInventory.Entry]
    /// Why the certificates on this machine are missing, and those in the cluster.
    private let failures: [(place: String, failure: InstallerError)]

    init(_ facts: Facts, _ answers: Answers, days: Int) {
        inventory = CertificateInventory(facts, now: facts.lookedAt, soon: days).pinned(
            to: answers.installation(facts), builder: answers.builder, settings: facts.settings)
        self.days = days
        due = inventory.due(within: days)
        let inCluster = facts.server.failure ?? facts.secrets.failure
        let places = [("on this machine", facts.certificatesFailure), ("in the cluster", inCluster)]
        failures = places.compactMap { place, failure in failure.map { (place: place, failure: $0) } }
    }

    /// Whether all certificates were read, and there are some.
    var isComplete: Bool { failures.isEmpty && !inventory.entries.isEmpty }

    var verdict: String {
        ([judgement]
            + failures.map { "Certificates \($0.place) could not be read: \($0.failure.sentence)." })
            .joined(separator: " ")
    }

    private var judgement: String {
        guard !inventory.entries.isEmpty else {
            return failures.isEmpty ? "No certificates found to check." : "No certificate could be read."
        }
        guard !due.isEmpty else {
            return
                "No certificate \(failures.isEmpty ? "" : "that could be read ")expires within \(days) days."
        }
        return "\(due.count == 1 ? "1 certificate expires" : "\(due.count) certificates expire") within "
            + "\(days) days: \(due.map(\.label).joined(separator: ", "))."
    }

    var lines: [String] { inventory.lines + [verdict] }

    private enum CodingKeys: String, CodingKey { case message, withinDays, due }

    func encode(to encoder: any Encoder) throws {
        try inventory.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(verdict, forKey: .message)
        try object.encode(days, forKey: .withinDays)
        try object.encode(due.map(\.id), forKey: .due)
    }
}
