import ArgumentParser
import Installer

/// `buildkit-installer doctor bundle`: what somebody who is to help has to see.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Write what somebody who is to help has to see.",
        discussion: """
            A tar.gz with the examination, the status, versions, events, descriptions, logs, and the last run's plan and
            journal. Secrets are not asked for; keys, tokens and the like are taken out of everything else.
            """)

    @Argument(help: "The file to write, such as doctor.tar.gz.") var file: String

    @OptionGroup(title: "Answers") var fields: SiteOptions
    @OptionGroup var look: LookOptions

    func run() async throws {
        let session = try Session(look.asRunOptions, flags: fields.given)
        let resolution = try session.resolution()
        let look = BundleLook(
            world: session.world, answers: resolution.answers, given: Set(resolution.origins.keys))
        let bundle = try await Interruption.ending { await look.bundle() }
        session.reporter.report(try bundle.write(to: file))
    }
}
