import FoundationEssentials
import MutualTLS

/// Verifies that a builder works: it answers, and, where that is required, the output of a small real build is correct.
struct BuildVerifier {
    /// The interval between two queries of the builder, in seconds.
    private static let interval = 2

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func verify(_ verification: BuildVerification) async throws {
        guard let service = verification.tunnel else { return try await proveDirectly(verification) }
        try await Tunnel(context, to: service).use { try await proveDirectly(verification) }
    }

    private func proveDirectly(_ verification: BuildVerification) async throws {
        try await waitUntilRunning(verification)
        if verification.depth == .build { try await build(verification) }
    }

    // MARK: Answer

    /// BuildKit may be starting: it is queried until the timeout, or until waiting cannot help.
    private func waitUntilRunning(_ verification: BuildVerification) async throws {
        let builder = verification.registration.builder
        let start = context.dependencies.now()
        var reasons: [String]?
        var waiting = SilenceBreaker(start)
        while true {
            // buildx prints nothing while it waits, so obstacles are checked first.
            let isThere = await tellWhatIsInTheWay(verification, &waiting)
            let result = try await inspect(builder, patiently: isThere)
            guard result.status == 0 else { throw InstallerError(Buildx.inspect(builder), result) }
            if InspectOutput(result.output).isRunning { return await context.say("\(builder) is running") }
            let newReasons = GRPCLog(result.errors).reasons
            if newReasons != reasons { await tell(newReasons, of: builder) }
            reasons = newReasons
            let (failure, patience) = await diagnosis(verification, newReasons)
            let limit = patience.limit(in: context.plan, timeout: verification.timeout)
            guard context.dependencies.now() < start.addingTimeInterval(Double(limit)) else {
                throw failure.withWayOn
            }
            try await context.dependencies.pause(.seconds(Self.interval))
        }
    }

    /// - Parameter isPatient: whether buildx runs without a time limit, because something answers at the endpoint.
    private func inspect(_ builder: String, patiently isPatient: Bool) async throws -> CommandResult {
        var command = Buildx.inspect(builder)
        guard !isPatient else { return try await context.dependencies.runner.run(command) }
        command.timeout = min(command.timeout, SilenceBreaker.patience)
        do { return try await context.dependencies.runner.run(command) } catch is InstallerError {
            // buildx was still waiting, which is already known.
            return CommandResult(output: "Status: inactive")
        }
    }

    /// Reports what is awaited, and after ten seconds the diagnosis that `doctor` would give.
    /// - Returns: whether something answers at the endpoint.
    private func tellWhatIsInTheWay(_ verification: BuildVerification, _ waiting: inout SilenceBreaker) async
        -> Bool
    {
        guard let target = try? await DialTarget(of: verification.registration, in: context) else {
            return true
        }
        let probe = await probe(target, verification)
        if probe.hasConnected { return true }
        for line in waiting.lines(
            target, probe.sentence,
            diagnosis(verification, target).failure(probe: probe, reasons: []).withWayOn,
            at: context.dependencies.now())
        {
            await context.say(line)
        }
        return false
    }

    private func probe(_ target: DialTarget, _ verification: BuildVerification) async -> ProbeResult {
        let folder = verification.registration.folder
        return await Probe.connect(
            host: target.endpoint.host, port: target.endpoint.port, serverName: target.servername,
            trust: .file("\(folder)/ca.pem"),
            identity: ProbeIdentity(certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem"))
        )
    }

    private func diagnosis(_ verification: BuildVerification, _ target: DialTarget) -> ConnectionDiagnosis {
        ConnectionDiagnosis(
            builder: verification.registration.builder, target: target,
            folder: verification.registration.folder,
            kubectl: context.plan.installation.kubectl)
    }

    private func tell(_ reasons: [String], of builder: String) async {
        let words = reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))"
        await context.say("\(builder) does not respond yet\(words)")
    }

    /// Diagnoses why the builder does not answer, since buildx prints the same error for every reason.
    private func diagnosis(_ verification: BuildVerification, _ reasons: [String]) async -> (
        InstallerError, RetryPolicy
    ) {
        let target: DialTarget
        do {
            target = try await DialTarget(of: verification.registration, in: context)
        } catch {
            return (InstallerError(error), .full)
        }
        let probe = await probe(target, verification)
        let diagnosis = diagnosis(verification, target)
        return (
            diagnosis.failure(probe: probe, reasons: reasons),
            diagnosis.patience(probe: probe, reasons: reasons)
        )
    }

    // MARK: Build

    private func build(_ verification: BuildVerification) async throws {
        let scratch = TemporaryDirectory(
            nonce: context.dependencies.nonce(), environment: context.dependencies.environment)
        try scratch.make()
        defer { scratch.remove() }
        let (files, output) = ("\(scratch.path)/context", "\(scratch.path)/out")
        let nonce = Data(context.dependencies.nonce().utf8)
        try PrivateFile.makeFolder(files)
        try PrivateFile.write(nonce, to: "\(files)/nonce")
        try PrivateFile.write("FROM scratch\nCOPY nonce /nonce\n".utf8, to: "\(files)/Dockerfile")
        let builder = verification.registration.builder
        try await context.run(
            Buildx.build(builder, context: files, into: output, timeout: verification.timeout))
        // A missing file is as wrong as a file with other bytes.
        let returned = try? Data(ofFile: "\(output)/nonce")
        guard returned == nonce else {
            throw InstallerError(
                "Test build output mismatch: the build through \(builder) succeeded, but returned different data",
                hint: "Check the builder: docker buildx build --builder \(builder) --progress plain ."
            )
        }
        await context.say("The test build through \(builder) succeeded")
    }
}

/// The messages while an endpoint does not answer: at once what is awaited, later the cause.
private struct SilenceBreaker {
    /// The delay before the cause is reported, in seconds.
    static let patience = 10

    private let start: Date
    private var said = ""
    private var hasToldCause = false

    init(_ start: Date) { self.start = start }

    mutating func lines(_ target: DialTarget, _ sentence: String, _ failure: InstallerError, at now: Date)
        -> [String]
    {
        var lines: [String] = []
        if sentence != said { lines.append("Waiting for \(target.endpoint): \(sentence)") }
        said = sentence
        if !hasToldCause, now.timeIntervalSince(start) >= Double(Self.patience) {
            hasToldCause = true
            lines += ["\(failure.message)."] + (failure.hint ?? "").split(separator: "\n").map { String($0) }
        }
        return lines
    }
}

extension ProbeResult {
    /// Whether a connection was established, or none was attempted.
    fileprivate var hasConnected: Bool {
        switch self {
        case .nameNotFound, .refused, .unreachable, .timedOut: false
        default: true
        }
    }
}

extension InstallerError {
    /// The failure with an additional hint for the case that only this machine cannot reach the builder.
    fileprivate var withWayOn: InstallerError {
        let hints = [hint, "To skip the test build: --verify no"].compactMap { $0 }
        return InstallerError(message, detail: detail, hint: hints.joined(separator: "\n"), code: code)
    }
}

/// A port-forward of the builder's Service to this machine, for the duration of its use.
struct Tunnel {
    private let context: ActionContext
    private let service: ServiceName

    init(_ context: ActionContext, to service: ServiceName) {
        self.context = context
        self.service = service
    }

    /// Runs `body` while the port is forwarded.
    ///
    /// A port in use may already be forwarded: by the user, or by a run that was killed. That forward is then used;
    /// mutual TLS ensures that no other process is mistaken for the builder.
    func use(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let command = service.kubectl.portForward(service)
        do {
            try await PortForward(command: command).use(by: context.dependencies.runner) { _ in
                try await body()
            }
        } catch let end as PortForward.Ended {
            guard end.isTaken else {
                throw InstallerError(end, of: command, to: "the Service \(service.name)")
            }
            await context.say(
                "Port \(service.port) on this machine is in use; it may already be forwarded")
            do {
                try await body()
            } catch let failure as InstallerError {
                throw taken(end, failure)
            }
        }
    }

    private func taken(_ end: PortForward.Ended, _ failure: InstallerError) -> InstallerError {
        InstallerError(
            "Port \(service.port) on this machine is in use by another process",
            detail: "\(end.said)\n\(failure.message)",
            hint: "Find the process: ss -ltnp 'sport = :\(service.port)'")
    }
}
