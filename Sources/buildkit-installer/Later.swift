import ArgumentParser
import Installer

// Verbs that this version does not have. They are here so that whoever types one is told, and told what to do instead.

struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Replace certificates (not in this version).")

    func run() throws {
        throw notYet(
            "rotate certificates",
            instead: "Issue new ones into a new folder and install with it: "
                + "buildkit-installer issue --certs NEW, then buildkit-installer install --certs NEW")
    }
}

private func notYet(_ what: String, instead hint: String) -> Failure {
    Failure("This version cannot \(what) yet", hint: hint)
}
