import ArgumentParser

/// `buildkit-installer manual`: the manual page that `make install` puts in its place.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page, in mdoc.", shouldDisplay: false)

    func run() throws { Console.output.write(ManualPage(try .ofThisProgram()).text) }
}
