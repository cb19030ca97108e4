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

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove what there is (not in this version).")

    func run() throws {
        throw notYet(
            "uninstall",
            instead:
                "By hand: helm uninstall buildkit --namespace buildkit, docker buildx rm remote-kubernetes, "
                + "and kubectl delete namespace buildkit, which takes the cache along")
    }
}

private func notYet(_ what: String, instead hint: String) -> Failure {
    Failure("This version cannot \(what) yet", hint: hint)
}
