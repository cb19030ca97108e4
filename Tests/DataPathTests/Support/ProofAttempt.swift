import FoundationEssentials
import LabSupport
import Synchronization

@testable import Installer

/// Registers a builder on a user's machine and proves it, as the last two steps of an install do, with a clock that
/// only waiting moves.
struct ProofAttempt: Sendable {
    let laptop: Laptop
    let registration: BuilderRegistration
    /// How long the builder may take to answer, in seconds.
    var timeout = 600
    /// Called in place of waiting.
    var pause: @Sendable (Duration) async throws -> Void = { _ in }

    /// - Parameters:
    ///   - folder: the client's files.
    ///   - servername: nil: the certificate is to bear the address that is dialled.
    init(
        on laptop: Laptop, folder: String, port: Int, servername: String? = Installation.name
    ) {
        self.laptop = laptop
        registration = BuilderRegistration(
            builder: "attempt-\(UInt32.random(in: 0 ... .max))",
            address: .endpoint(endpoint: Endpoint(host: "127.0.0.1", port: port)), servername: servername,
            folder: folder, platforms: [], use: false)
    }

    /// What came of it, and how often it waited.
    struct Result {
        let failure: InstallerError?
        let pauses: Int
    }

    func run() async -> Result {
        await run([
            Step(
                id: "builder", title: "Register",
                action: .register(registration: registration, replacing: nil)),
            verification,
        ])
    }

    /// Proves a builder that somebody else has registered.
    func runWithoutRegistering() async -> Result { await run([verification]) }

    private var verification: Step {
        Step(
            id: "verification", title: "Prove",
            action: .verifyBuild(
                verification: BuildVerification(registration: registration, tunnel: nil, timeout: timeout)))
    }

    private func run(_ steps: [Step]) async -> Result {
        let pauses = Mutex(0)
        let start = Date()
        let environment = laptop.docker.environment.compactMapValues(\.self)
        let waited = Mutex(0.0)
        let dependencies = Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: laptop.home,
            now: { start.addingTimeInterval(waited.withLock(\.self)) },
            pause: { duration in
                waited.withLock { $0 += Double(duration.components.seconds) }
                pauses.withLock { $0 += 1 }
                try await pause(duration)
            })
        let installation = InstallationID(context: "", namespace: "team", release: "buildkit")
        let run = await PlanExecutor(dependencies).execute(
            Plan(title: "Prove", installation: installation, steps: steps)
        ) { _ in }
        return Result(failure: run.failure, pauses: pauses.withLock(\.self))
    }
}
