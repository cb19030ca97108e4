import FoundationEssentials
import MutualTLS

/// Looks for what keeps builds from going through.
///
/// What depends on nothing else is looked at at the same time; BuildKit itself is asked only where the proxy lets this
/// machine in and BuildKit does not sleep, for asking would wake it.
public struct DoctorLook: Sendable {
    private let world: World
    private let look: StatusLook
    private let builds: Bool

    /// - Parameters:
    ///   - answers: which installation is meant; what was not given is taken as it was installed.
    ///   - given: the questions that were answered now.
    ///   - builds: whether a build is tried.
    public init(world: World, answers: Answers, given: Set<Field.ID>, builds: Bool = true) {
        self.world = world
        self.builds = builds
        look = StatusLook(world: world, answers: answers, given: given)
    }

    public func examination() async -> Examination { Examination(await symptoms()) }

    func symptoms() async -> Symptoms {
        let (answers, facts) = await look.facts(
            hasFigures: false, and: [Lookup(\.docker, .docker), Lookup(\.buildx, .buildx)])
        var symptoms = Symptoms(facts, answers, in: world)
        symptoms.client = await PemSet(server: nil, client: symptoms.files).inspect(now: world.now())
        guard symptoms.isAnswered, symptoms.builder != nil, facts.buildx.value != nil, !symptoms.isAsleep,
            facts.builders.value?.defaultConfiguration == nil
        else { return symptoms }
        symptoms.state = await fact { try await BuilderLook(builder: answers.builder).state(in: world) }
        if builds, symptoms.state.value?.isRunning == true {
            symptoms.build = await fact { try await buildTime(symptoms) }
        }
        return symptoms
    }

    /// A build goes through the same action as the proof of an install.
    private func buildTime(_ symptoms: Symptoms) async throws -> Double {
        guard let dialling = symptoms.dialling else { throw Failure("buildx knows no address") }
        let registration = Registration(
            builder: symptoms.answers.builder, address: .endpoint(endpoint: dialling.endpoint),
            servername: dialling.servername, folder: symptoms.folder, platforms: [], use: false)
        let proof = Proof(registration: registration, tunnel: nil, timeout: Self.buildLimit)
        let plan = Plan(
            title: "Build", site: symptoms.site,
            steps: [Step(id: "build", title: "Build", action: .prove(proof: proof))])
        let start = world.now()
        let run = await Executor(world).execute(plan) { _ in }
        if let failure = run.failure { throw failure }
        try Task.checkCancellation()
        return world.now().timeIntervalSince(start)
    }

    /// How long a build may take that takes a second, in seconds.
    private static let buildLimit = 60

    private func fact<Value>(_ find: () async throws -> Value) async -> Fact<Value> {
        do { return .known(try await find()) } catch { return .unknown(Failure(error).redacted) }
    }
}
