import ArgumentParser
import Installer

/// `buildkit-installer uninstall`: lists what there is, and takes away what was chosen.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove an installation, as far as you choose.",
        discussion: """
            Without more, all goes that can be had again: builder, release, Secrets, certificates, records, and the
            namespace where an install made it and nothing else is in it. The cache and the certificate authority
            stay unless they are chosen: with --remove and --confirm RELEASE, or with --everything --yes.
            What came from elsewhere stays in any case.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: UninstallOptions

    @Flag(name: .long, help: "Remove all that an install has brought, cache and authority included.")
    var everything = false

    mutating func run() async throws {
        var flags = fields.given
        if everything { flags["remove"] = RemovablePart.everything.map(\.rawValue).joined(separator: ",") }
        // Who says "everything" and "yes" need not say what the release is called as well.
        if everything, options.yes { flags["confirm"] = try CommandContext(options, flags: flags).release }
        let session = CommandContext(options, flags: flags)
        guard !session.isAttended else { return try await session.attended(.uninstall, from: .verb) }
        try await NonInteractiveRun(session: session, verb: .uninstall).run()
    }
}

/// Every question of an uninstall as a flag.
struct UninstallOptions: FieldFlags {
    @Option(.context) var context: String?
    @Option(.namespace) var namespace: String?
    @Option(.release) var release: String?
    @Option(.builder) var builder: String?
    @Option(.certs) var certs: String?
    @Option(.remove) var remove: String?
    @Option(.confirm) var confirm: String?
    @Option(toggle: .force) var force: String?
    @Option(toggle: .takeOver) var takeOver: String?
    @Option(.timeout) var timeout: String?
}
