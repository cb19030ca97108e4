import ArgumentParser
import Installer

/// What happens where no verb is typed: the start page, from which the user chooses one.
struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the wizard on its start page.", shouldDisplay: false)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: FieldOptions

    func run() async throws {
        let session = Session(options, flags: fields.given)
        // A script that names no verb is shown the verbs.
        guard session.isAttended else { throw CleanExit.message(BuildkitInstaller.helpMessage()) }
        try await session.attended(.install, from: .start)
    }
}
