import FoundationEssentials
import LabSupport
import Synchronization

@testable import Installer

/// Registers a builder on a user's machine and verifies it, as the last two steps of an install do, with a clock that
/// advances only by waiting.
struct ProofAttempt: Sendable {
    let laptop: Laptop
    let registration: BuilderRegistration
    /// The timeout for the builder's answer, in seconds.
    var timeout = 600
    /// Called instead of waiting.
    var pause: @Sendable (Duration) async throws -> Void = { _ in }

    /// - Parameters:
    ///   - folder: the client's files.
    ///   - servername: nil: the certificate must cover the dialled address.
    init(
        on laptop: Laptop, folder: String, port: Int, servername: String? = Installation.name
    ) {
        self.laptop = laptop
        registration = BuilderRegistration(
            builder: "attempt-\(UInt32.random(in: 0 ... .max))",
            address: .endpoint(endpoint: Endpoint(host: "127.0.0.1", port: port)), servername: servername,
            folder: folder, platforms: [], use: false)
    }

    /// The result, and the number of waits.
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

    /// Verifies a builder that is already registered.
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
