import Installer

/// The wizard on this terminal.
struct WizardSession {
    enum Start { case start, install }
    let options: RunOptions
    let world: World

    func run(_ resolution: Resolution, from start: Start) async throws {
        throw Failure("There is no wizard yet", hint: "Add --yes.")
    }
}
