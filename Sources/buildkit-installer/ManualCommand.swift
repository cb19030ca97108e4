import ArgumentParser

/// `buildkit-installer manual`: the manual page that `make install` puts in its place.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page, in mdoc.", shouldDisplay: false)

    func run() throws {
        let page = ManualPage(
            try CommandTree(of: BuildkitInstaller.self), version: Version.number, date: Version.date)
        Console.output.write(page.text)
    }
}
