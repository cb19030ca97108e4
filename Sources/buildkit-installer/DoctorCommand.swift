import ArgumentParser
import Installer

/// `buildkit-installer doctor`: what keeps builds from going through.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Find what is broken, and say what to do.",
        subcommands: [ExamineCommand.self, BundleCommand.self], defaultSubcommand: ExamineCommand.self)
}
