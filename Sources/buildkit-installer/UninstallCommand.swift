import ArgumentParser
import Installer

/// `buildkit-installer uninstall`: removes the selected components.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove an installation.",
        discussion: Discussion.text(
            """
            By default it removes everything that can be created again: builder registration, release, Secrets, \
            certificates, local state, and the namespace if an install created it and it is otherwise empty. \
            The cache and the CA are kept unless selected: with --remove and --confirm <release>, or with \
            --everything --yes. Resources not created by buildkit-installer are removed only if selected.
            """,
            examples: ["uninstall --dry-run", "uninstall --everything --yes"],
            statuses: ExitStatus.ofRuns))

    @OptionGroup var options: RunOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup(title: "Settings") var fields: UninstallOptions

    @Flag(name: .long, help: "Remove everything that an install created, including cache and CA.")
    var everything = false

    func validate() throws {
        guard !everything || fields.remove == nil else {
            throw ValidationError("--everything and --remove are mutually exclusive")
        }
    }

    mutating func run() async throws {
        var flags = fields.given
        if everything { flags["remove"] = RemovablePart.everything.map(\.rawValue).joined(separator: ",") }
        // --everything with --yes does not require --confirm.
        if everything, options.yes {
            flags["confirm"] = try CommandContext(options.settings, flags: flags).release
        }
        let session = try CommandContext(options.settings, flags: flags)
        guard !session.isAttended else {
            return try await session.attended(.uninstall, from: .verb, in: screen.theme)
        }
        try await NonInteractiveRun(session: session, verb: .uninstall).run()
    }
}

/// All settings of an uninstall as flags.
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
