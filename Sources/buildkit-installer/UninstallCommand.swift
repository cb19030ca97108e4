import ArgumentParser
import Installer

/// `buildkit-installer uninstall`: lists what there is, and takes away what was chosen.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove an installation.",
        discussion: Discussion.text(
            """
            By default it removes what can be created again: the builder's registration, the release, Secrets, \
            certificates, local state, and the namespace if an install created it and nothing else is in it. \
            The cache and the CA are kept unless selected: with --remove and --confirm <release>, or with \
            --everything --yes. Resources not created by buildkit-installer are never removed.
            """,
            examples: ["uninstall --dry-run", "uninstall --everything --yes"],
            statuses: ExitStatus.ofRuns))

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: UninstallOptions

    @Flag(name: .long, help: "Remove all that an install has created, cache and CA included.")
    var everything = false

    func validate() throws {
        guard !everything || fields.remove == nil else {
            throw ValidationError("--everything and --remove contradict each other: give one of them")
        }
    }

    mutating func run() async throws {
        var flags = fields.given
        if everything { flags["remove"] = RemovablePart.everything.map(\.rawValue).joined(separator: ",") }
        // Who says "everything" and "yes" need not say what the release is called as well.
        if everything, options.yes { flags["confirm"] = try CommandContext(options, flags: flags).release }
        let session = try CommandContext(options, flags: flags)
        guard !session.isAttended else { return try await session.attended(.uninstall, from: .verb) }
        try await NonInteractiveRun(session: session, verb: .uninstall).run()
    }
}

/// Every question of an uninstall as a flag.
struct UninstallOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
    @Option(.builder) var builder: String?
    @Option(.certs) var certs: String?
    @Option(.remove) var remove: String?
    @Option(.confirm) var confirm: String?
    @Option(toggle: .force) var force: String?
    @Option(toggle: .takeOver) var takeOver: String?
    @Option(.timeout) var timeout: String?
}
