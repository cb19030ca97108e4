import ArgumentParser
import Installer

// Verbs that this version does not have. They are here so that whoever types one is told, and told what to do.

struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Replace certificates (not in this version).")

    func run() throws { throw notYet("rotate certificates") }
}

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what there is (not in this version).")

    func run() throws { throw notYet("show the state of an installation") }
}

struct Uninstall: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove what there is (not in this version).")

    func run() throws { throw notYet("uninstall") }
}

private func notYet(_ what: String) -> Failure {
    Failure(
        "This version cannot \(what) yet",
        hint:
            "`buildkit-installer install --print-commands` shows the commands that an installation is made of."
    )
}
