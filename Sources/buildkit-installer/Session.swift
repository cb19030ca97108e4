import ArgumentParser
import Installer

/// One run of the program: the world, what was answered so far, and how to go about it.
struct Session {
    let options: RunOptions
    let flags: [Field.ID: String]
    let world: World

    init(_ options: RunOptions, flags: [Field.ID: String] = [:], world: World = .live) {
        self.options = options
        self.flags = flags
        self.world = world
    }

    /// What flags, environment and answers file come to.
    func resolve() throws -> Resolution {
        let path = options.answers ?? world.environment["BUILDKIT_INSTALLER_ANSWERS"]
        let file = try path.map { try AnswersFile(readingFrom: $0) }
        return Sources(file: file, environment: world.environment, flags: flags).resolve()
    }

    /// Whether somebody is there to be asked.
    private var isAttended: Bool {
        Console.isTerminal && !options.yes && !options.printCommands && options.output == .text
    }

    /// The start page, or for a script without a verb the way to the verbs.
    func start() async throws {
        guard isAttended else { throw CleanExit.helpRequest(BuildkitInstaller.self) }
        try await WizardSession(options: options, world: world).run(try resolve(), from: .start)
    }

    func install() async throws {
        let resolution = try resolve()
        guard isAttended else {
            try await Unattended(options: options, world: world).install(resolution)
            return
        }
        try await WizardSession(options: options, world: world).run(resolution, from: .install)
    }
}
