import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Keeps runs on different machines apart: a Lease in the installation's namespace, which says who is at work there
/// and until when. It is renewed as long as the run lasts and deleted at its end; one whose holder was killed runs out.
///
/// https://kubernetes.io/docs/concepts/architecture/leases/
public actor ClusterLease {
    /// For how long a holder that is not heard of any more is believed to be at work, in seconds.
    static let duration = 30
    /// How long to wait before it is renewed.
    static let rhythm = Duration.seconds(10)

    /// What came of asking for it.
    public enum Outcome: Equatable, Sendable {
        case held
        /// The namespace is not there, and nobody can be at work in it.
        case noNamespace
        /// The user may not use Leases.
        case forbidden
        case unreachable(InstallerError)
    }

    private enum State {
        case none, unguarded
        case held(uid: String, version: String, renewed: Date)
        case lost(InstallerError)
    }

    public let installation: InstallationID
    /// Who this run is, in words that nobody else uses.
    nonisolated let holder: String
    /// Who this machine's runs before it were: they hold the lock of this machine no more, so they are at work no more.
    private let predecessors: [String]
    private let dependencies: Dependencies
    private var state = State.none
    private var renewing: Task<Void, Never>?

    init(_ installation: InstallationID, in dependencies: Dependencies, predecessors: [String] = []) {
        (self.installation, self.dependencies, self.predecessors) = (installation, dependencies, predecessors)
        holder = "\(Self.user(dependencies))@\(Self.host) \(dependencies.nonce())"
    }

    static func reference(of installation: InstallationID) -> ObjectReference {
        ObjectReference(
            .lease, "buildkit-installer-\(installation.release)", namespace: installation.namespace,
            context: installation.context)
    }

    private var reference: ObjectReference { Self.reference(of: installation) }

    /// Whether nobody else can be at work there, as far as this user may see to that.
    var excludesOthers: Bool {
        switch state {
        case .held, .unguarded: true
        case .none, .lost: false
        }
    }

    // MARK: Taking it

    /// - Throws: where somebody else is at work.
    @discardableResult
    public func acquire() async throws -> Outcome {
        let made = try await run(
            reference.kubectl.create(manifest().text, output: Self.identity).withinSeconds(20))
        if made.status == 0 { return hold(made.output) }
        let said = made.errors
        // A namespace that is going takes nothing new; the checks tell of it.
        if said.contains("(NotFound)") || said.contains("being terminated") { return .noNamespace }
        if said.contains("(AlreadyExists)") { return try await takeOver() }
        if said.contains("(Forbidden)") {
            state = .unguarded
            return .forbidden
        }
        return .unreachable(.noAnswerToLease(from: installation, said: made.said))
    }

    /// The Lease of a run that is over is taken; any other one only once it has not been renewed for its whole time,
    /// by this machine's own clock, for clocks differ.
    private func takeOver() async throws -> Outcome {
        guard let seen = try await look() else { return try await acquire() }
        if !predecessors.contains(seen.holder) {
            guard seen.expires < dependencies.now() else { throw busy(seen) }
            try await dependencies.pause(.seconds(seen.duration))
            guard let now = try await look() else { return try await acquire() }
            guard now.version == seen.version else { throw busy(now) }
        }
        let replaced = try await run(
            reference.kubectl(
                "replace", "--filename", "-", "--output", Self.identity,
                input: manifest(uid: seen.uid, version: seen.version, transitions: seen.transitions + 1).text
            ).withinSeconds(20))
        if replaced.status == 0 { return hold(replaced.output) }
        if let now = try await look() { throw busy(now) }
        return .unreachable(.noAnswerToLease(from: installation, said: replaced.said))
    }

    private func hold(_ identity: String) -> Outcome {
        let words = identity.split(separator: " ").map { String($0) }
        state = .held(uid: words.first ?? "", version: words.last ?? "", renewed: dependencies.now())
        return .held
    }

    private func busy(_ lease: Seen) -> InstallerError {
        InstallerError(
            "Another run of buildkit-installer is at work on this installation: \(lease.holder)",
            detail: "It holds the Lease \(reference.name) in \(installation.namespace), which ends at "
                + "\(lease.expires.formatted(.iso8601)) unless it is renewed.",
            hint: "Wait until it has ended, then run this again: \(reference.get)")
    }

    // MARK: Keeping it

    /// Renews it from now on, until it is released.
    func keep() {
        guard renewing == nil else { return }
        renewing = Task { [weak self, dependencies] in
            while !Task.isCancelled {
                // Cut short it is over.
                guard (try? await dependencies.pause(Self.rhythm)) != nil else { return }
                await self?.renew()
            }
        }
    }

    func renew() async {
        guard case .held(let uid, let version, _) = state else { return }
        let renewed = try? await run(
            reference.kubectl(
                "replace", "--filename", "-", "--output", Self.identity,
                input: manifest(uid: uid, version: version).text
            ).withinSeconds(8))
        guard case .held = state, let renewed else { return }
        if renewed.status == 0 {
            _ = hold(renewed.output)
        } else if renewed.errors.contains("(NotFound)") {
            // The namespace is gone, or somebody has deleted it: then it is taken again, or not.
            state = .none
        } else if renewed.errors.contains("(Conflict)") {
            let now = (try? await look()).flatMap { $0 }
            if let now, now.holder == holder {
                state = .held(uid: now.uid, version: now.version, renewed: dependencies.now())
            } else {
                state = .lost(now.map(busy) ?? InstallerError("The Lease \(reference.name) was lost"))
            }
        }
    }

    /// Sees, before something is changed in the cluster, that nobody else can be at work.
    /// - Throws: where somebody is, or where nobody knows.
    func ensure() async throws {
        if case .held(_, _, let renewed) = state,
            dependencies.now().timeIntervalSince(renewed) > Double(Self.duration) * 2 / 3
        {
            await renew()
        }
        switch state {
        case .unguarded: return
        case .lost(let failure): throw failure
        case .held(_, _, let renewed):
            guard dependencies.now().timeIntervalSince(renewed) > Double(Self.duration) else { return }
            throw InstallerError.noAnswerToLease(from: installation, said: nil)
        case .none:
            if case .unreachable(let failure) = try await acquire() { throw failure }
        }
    }

    /// Ends it, so that the next run need not wait. What cannot be deleted runs out.
    public func release() async {
        renewing?.cancel()
        await renewing?.value
        renewing = nil
        guard case .held(let uid, let version, _) = state else { return }
        state = .none
        // Also for a run that was interrupted.
        await Task { [dependencies, reference] in
            _ = try? await dependencies.runner.run(
                reference.delete(uid: uid, version: version).withinSeconds(15))
        }.value
    }

    // MARK: The object

    private struct Seen {
        var uid: String
        var version: String
        var holder: String
        var duration: Int
        var expires: Date
        var transitions: Int
    }

    private static let identity = #"jsonpath={.metadata.uid}{" "}{.metadata.resourceVersion}"#
    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private func look() async throws -> Seen? {
        let result = try await run(reference.get.withinSeconds(20))
        let object: JSONValue? = try result.json(else: "The Lease \(reference.name) cannot be looked at")
        guard let object, let uid = object.uid, let version = object.resourceVersion else { return nil }
        let spec = object["spec"]
        let duration = spec?["leaseDurationSeconds"]?.number.map { Int($0) } ?? Self.duration
        // One without a time was never renewed.
        let renewed = (spec?["renewTime"]?.string).flatMap { try? Self.date($0) } ?? .distantPast
        return Seen(
            uid: uid, version: version, holder: spec?["holderIdentity"]?.string ?? "nobody",
            duration: duration, expires: renewed.addingTimeInterval(Double(duration)),
            transitions: spec?["leaseTransitions"]?.number.map { Int($0) } ?? 0)
    }

    /// Kubernetes writes microseconds; milliseconds are what is read here.
    private static func date(_ text: String) throws -> Date {
        let seconds = text.prefix { $0 != "." && $0 != "Z" }
        return try Date.ISO8601FormatStyle().parse("\(seconds)Z")
    }

    private func manifest(uid: String? = nil, version: String? = nil, transitions: Int = 0) -> JSONValue {
        let now = "\(dependencies.now().formatted(Self.time).dropLast())000Z"
        var metadata: [String: JSONValue] = [
            "name": .string(reference.name), "namespace": .string(installation.namespace),
            "labels": [KubernetesLabels.managedBy: .string(KubernetesLabels.us)],
        ]
        if let uid { metadata["uid"] = .string(uid) }
        if let version { metadata["resourceVersion"] = .string(version) }
        return [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": .object(metadata),
            "spec": [
                "holderIdentity": .string(holder), "leaseDurationSeconds": .number(Double(Self.duration)),
                "renewTime": .string(now), "leaseTransitions": .number(Double(transitions)),
            ],
        ]
    }

    private func run(_ command: Command) async throws -> CommandResult {
        try await dependencies.runner.run(command)
    }

    private static func user(_ dependencies: Dependencies) -> String {
        dependencies.environment["USER"].flatMap { $0.isEmpty ? nil : $0 } ?? "uid \(getuid())"
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Command {
    fileprivate func withinSeconds(_ seconds: Int) -> Command {
        var command = self
        command.timeout = seconds
        return command
    }
}

extension InstallerError {
    fileprivate static func noAnswerToLease(from installation: InstallationID, said: String?) -> Self {
        InstallerError(
            "Whether somebody else is at work on this installation cannot be told: the cluster does not answer",
            detail: said, hint: "Try it: \(installation.cluster.look("version"))")
    }
}
