import FoundationEssentials
import MutualTLS

/// Looks for what keeps builds from going through.
///
/// What depends on nothing else is looked at at the same time; BuildKit itself is asked only where the proxy lets this
/// machine in and BuildKit does not sleep, for asking would wake it.
public struct DoctorCollector: Sendable {
    private let dependencies: Dependencies
    private let look: StatusCollector
    private let builds: Bool

    /// - Parameters:
    ///   - answers: which installation is meant; what was not given is taken as it was installed.
    ///   - given: the questions that were answered now.
    ///   - builds: whether a build is tried.
    public init(dependencies: Dependencies, answers: Answers, given: Set<Field.ID>, builds: Bool = true) {
        self.dependencies = dependencies
        self.builds = builds
        look = StatusCollector(dependencies: dependencies, answers: answers, given: given)
    }

    public func examination() async -> DoctorReport { DoctorReport(await symptoms()) }

    func symptoms() async -> DoctorFacts {
        let (answers, facts) = await look.facts(
            hasFigures: false, and: [FactSource(\.docker, .docker), FactSource(\.buildx, .buildx)])
        var symptoms = DoctorFacts(facts, answers, in: dependencies)
        symptoms.client = await PEMSet(server: nil, client: symptoms.files).inspect(now: dependencies.now())
        guard symptoms.isAnswered, symptoms.builder != nil, facts.buildx.value != nil, !symptoms.isAsleep,
            facts.builders.value?.defaultConfiguration == nil
        else { return symptoms }
        symptoms.state = await fact {
            try await BuilderInspector(builder: answers.builder).state(in: dependencies)
        }
        if builds, symptoms.state.value?.isRunning == true {
            symptoms.build = await fact { try await buildTime(symptoms) }
        }
        return symptoms
    }

    /// A build goes through the same action as the proof of an install.
    private func buildTime(_ symptoms: DoctorFacts) async throws -> Double {
        guard let dialling = symptoms.dialling else { throw InstallerError("buildx knows no address") }
        let registration = BuilderRegistration(
            builder: symptoms.answers.builder, address: .endpoint(endpoint: dialling.endpoint),
            servername: dialling.servername, folder: symptoms.folder, platforms: [], use: false)
        let verification = BuildVerification(
            registration: registration, tunnel: nil, timeout: Self.buildLimit)
        let plan = Plan(
            title: "Build", installation: symptoms.installation,
            steps: [Step(id: "build", title: "Build", action: .verifyBuild(verification: verification))])
        let start = dependencies.now()
        let run = await PlanExecutor(dependencies).execute(plan) { _ in }
        if let failure = run.failure { throw failure }
        try Task.checkCancellation()
        return dependencies.now().timeIntervalSince(start)
    }

    /// How long a build may take that takes a second, in seconds.
    private static let buildLimit = 60

    private func fact<Value>(_ find: () async throws -> Value) async -> Fact<Value> {
        do { return .known(try await find()) } catch { return .unavailable(InstallerError(error).redacted) }
    }
}

/// Asks buildx for a builder's state.
struct BuilderInspector: Sendable {
    let builder: String

    /// How long BuildKit may take to answer, in seconds: one that is held by its proxy would keep us for minutes.
    private static let patience = 20
    /// How long an answer may still come once a connection has failed: a name may have several addresses.
    private static let grace = Duration.seconds(3)

    /// buildx prints registered platforms as if the worker had them, so it is asked with a copy of its own files in
    /// which none is registered.
    func state(in dependencies: Dependencies) async throws -> BuilderState {
        let scratch = TemporaryDirectory(nonce: dependencies.nonce(), environment: dependencies.environment)
        try scratch.make()
        defer { scratch.remove() }
        let own = BuildxState(of: dependencies)
        let name = "instances/\(builder)"
        let instance = try JSONDecoder().decode(
            JSONValue.self, from: Data(ofFile: "\(own.buildx)/\(name)"))
        try PrivateFile.makeFolder("\(scratch.path)/instances")
        try PrivateFile.write(instance.withoutPlatforms.text.utf8, to: "\(scratch.path)/\(name)")
        var command = Buildx.inspect(builder)
        command.environment["BUILDX_CONFIG"] = scratch.path
        command.timeout = Self.patience
        return try await state(command, in: dependencies)
    }

    private func state(_ command: Command, in dependencies: Dependencies) async throws -> BuilderState {
        let (reasons, found) = AsyncStream.makeStream(of: String.self)
        return try await withThrowingTaskGroup(of: BuilderState?.self) { group in
            group.addTask {
                defer { found.finish() }
                do {
                    let result = try await dependencies.runner.run(command) { line in
                        for reason in GRPCLog(line.text).reasons { found.yield(reason) }
                    }
                    guard result.status == 0 else { throw InstallerError(command, result) }
                    return BuilderState(result)
                } catch let failure as InstallerError {
                    return .silent([failure.message, failure.detail].compactMap { $0 })
                }
            }
            group.addTask {
                for await reason in reasons {
                    try await dependencies.pause(Self.grace)
                    return .silent([reason])
                }
                return nil
            }
            defer { group.cancelAll() }
            while let state = try await group.next() {
                if let state { return state }
            }
            throw CancellationError()
        }
    }
}

extension JSONValue {
    /// A builder of buildx as if no platform had been registered.
    fileprivate var withoutPlatforms: JSONValue {
        var builder = object
        builder["Nodes"] = .array(
            (builder["Nodes"]?.array ?? []).map { node in
                var node = node.object
                node["Platforms"] = .null
                return .object(node)
            })
        return .object(builder)
    }
}
