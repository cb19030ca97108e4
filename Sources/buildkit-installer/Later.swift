import ArgumentParser
import Installer

// Verbs that this version does not have. They are here so that whoever types one is told, and told what to do.

struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Replace certificates (not in this version).")

    func run() throws { throw notYet("rotate certificates") }
}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what there is (not in this version).")

    func run() throws { throw notYet("show the state of an installation") }
}

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove what there is (not in this version).")

    func run() throws { throw notYet("uninstall") }
}

private func notYet(_ what: String) -> Failure {
    Failure(
        "This version cannot \(what) yet",
        hint:
            "`buildkit-installer install --print-commands` shows the commands that an installation is made of."
    )
}
