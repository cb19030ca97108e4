import FoundationEssentials
import MutualTLS

/// Finds what prevents builds.
///
/// Independent checks run concurrently; BuildKit is queried only where the proxy accepts this machine and BuildKit
/// does not sleep, because a query would wake it.
public struct DoctorCollector: Sendable {
    private let dependencies: Dependencies
    private let look: StatusCollector
    private let builds: Bool

    /// - Parameters:
    ///   - answers: selects the installation; answers that were not given are those of the install.
    ///   - given: the questions that were answered in this run.
    ///   - builds: whether a test build is run.
    public init(dependencies: Dependencies, answers: Answers, given: Set<Field.ID>, builds: Bool = true) {
        self.dependencies = dependencies
        self.builds = builds
        look = StatusCollector(dependencies: dependencies, answers: answers, given: given)
    }

    /// - Parameter report: receives what is known before BuildKit is queried, which may take long.
    public func examination(_ report: @Sendable (DoctorReport) -> Void = { _ in }) async -> DoctorReport {
        DoctorReport(await symptoms { report(DoctorReport($0)) })
    }

    func symptoms(_ report: @Sendable (DoctorFacts) -> Void = { _ in }) async -> DoctorFacts {
        let (answers, facts) = await look.facts(
            hasFigures: false, and: [FactSource(\.docker, .docker), FactSource(\.buildx, .buildx)])
        var symptoms = DoctorFacts(facts, answers, in: dependencies)
        symptoms.client = await PEMSet(server: nil, client: symptoms.files).inspect(now: dependencies.now())
        guard symptoms.isAnswered, symptoms.builder != nil, facts.buildx.value != nil, !symptoms.isAsleep,
            facts.builders.value?.defaultConfiguration == nil
        else { return symptoms }
        report(symptoms)
        symptoms.state = await fact {
            try await BuilderInspector(builder: answers.builder).state(in: dependencies)
        }
        if builds, symptoms.state.value?.isRunning == true {
            symptoms.build = await fact { try await buildTime(symptoms) }
        }
        return symptoms
    }

    /// The build uses the same action as the verification of an install.
    private func buildTime(_ symptoms: DoctorFacts) async throws -> Double {
        guard let dialling = symptoms.dialling else {
            throw InstallerError("buildx has no endpoint for the builder")
        }
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

    /// The timeout of a build that takes a second, in seconds.
    private static let buildLimit = 60

    private func fact<Value>(_ find: () async throws -> Value) async -> Fact<Value> {
        do { return .known(try await find()) } catch { return .unavailable(InstallerError(error).redacted) }
    }
}

/// Queries buildx for a builder's state.
struct BuilderInspector: Sendable {
    let builder: String

    /// The timeout of BuildKit, in seconds: a connection that its proxy holds would otherwise take minutes.
    private static let patience = 20
    /// How long to wait for an answer after a connection failed: a name may have several addresses.
    private static let grace = Duration.seconds(3)

    /// buildx prints registered platforms as if the worker had them, so it runs with a copy of its own files in which
    /// no platform is registered.
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
    /// The builder of buildx with no registered platforms.
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
