import FoundationEssentials

/// Excludes concurrent runs on different machines: a Lease in the installation's namespace names the holder and its
/// expiry. It is renewed during the run and deleted at its end; the Lease of a holder that was killed expires.
///
/// https://kubernetes.io/docs/concepts/architecture/leases/
public actor ClusterLease {
    /// How long a holder that no longer renews is assumed to be running, in seconds.
    static let duration = 30
    /// The interval between renewals.
    static let rhythm = Duration.seconds(10)

    /// The result of acquiring it.
    public enum Outcome: Equatable, Sendable {
        case held
        /// The namespace does not exist, so no run can use it.
        case noNamespace
        /// The user has no permission for Leases.
        case forbidden
        case unreachable(InstallerError)
    }

    private enum State {
        case none, unguarded
        case held(uid: String, version: String, renewed: Date)
        case lost(InstallerError)
    }

    public let installation: InstallationID
    /// The identity of this run; no other process has it.
    nonisolated let holder: String
    /// The identities of earlier runs on this machine: they no longer hold this machine's lock, so they are not
    /// running.
    private let predecessors: [String]
    private let dependencies: Dependencies
    private var state = State.none
    private var renewing: Task<Void, Never>?

    init(_ installation: InstallationID, in dependencies: Dependencies, predecessors: [String] = []) {
        (self.installation, self.dependencies, self.predecessors) = (installation, dependencies, predecessors)
        holder = dependencies.newLeaseHolder()
    }

    static func reference(of installation: InstallationID) -> ObjectReference {
        ObjectReference(
            .lease, "buildkit-installer-\(installation.release)", namespace: installation.namespace,
            context: installation.context)
    }

    private var reference: ObjectReference { Self.reference(of: installation) }

    /// Whether no other process can be running there, as far as this user can ensure that. A run that was suspended
    /// has not renewed it.
    var excludesOthers: Bool {
        switch state {
        case .held: !isOutdated
        case .unguarded: true
        case .none, .lost: false
        }
    }

    /// Whether it has not been renewed for its whole duration, so that another run may have taken it over.
    private var isOutdated: Bool {
        guard case .held(_, _, let renewed) = state else { return false }
        return dependencies.now().timeIntervalSince(renewed) > Double(Self.duration)
    }

    /// Whether a create may have been carried out although its answer was lost.
    private var mayExist = false
    /// Whether such a create was sent: a connection that was refused carries no request.
    private var wasSent = false

    /// The Lease, where it may exist although it is not held; nil: it does not, as far as that is known.
    public var possibleLease: String? {
        guard mayExist, wasSent, case .none = state else { return nil }
        return "Lease \(reference.name) in namespace \(installation.namespace)"
    }

    // MARK: Acquiring

    /// - Throws: where another run holds it.
    @discardableResult
    public func acquire() async throws -> Outcome {
        let made = try await run(
            reference.kubectl.create(manifest().text, output: ChangeRequest.identity), seconds: 20)
        if made.status == 0 { return hold(made.output) }
        let said = made.errors
        // A namespace that is being deleted accepts no new objects; the checks report that.
        if said.contains("(NotFound)") || said.contains("being terminated") { return .noNamespace }
        if said.contains("(AlreadyExists)") { return try await takeOver() }
        if said.contains("(Forbidden)") {
            state = .unguarded
            return .forbidden
        }
        mayExist = true
        wasSent = wasSent || !["dial tcp", "was refused"].contains { said.contains($0) }
        let doubt = possibleLease.map { "It is unknown whether the \($0) was created; it expires." }
        return .unreachable(
            .noAnswerToLease(
                from: installation, said: [made.said, doubt].compactMap(\.self).joined(separator: "\n")))
    }

    /// Takes over at once the Lease of a run that has ended, and this run's own, where the answer that it was created
    /// was lost; any other one only after it has not been renewed for its whole duration, measured by this machine's
    /// clock, because clocks differ.
    private func takeOver() async throws -> Outcome {
        guard let seen = try await look() else { return try await acquire() }
        if !predecessors.contains(seen.holder), seen.holder != holder {
            guard seen.expires < dependencies.now() else { throw busy(seen) }
            try await dependencies.pause(.seconds(seen.duration))
            guard let now = try await look() else { return try await acquire() }
            guard now.version == seen.version else { throw busy(now) }
        }
        let replaced = try await run(
            reference.kubectl(
                "replace", "--filename", "-", "--output", ChangeRequest.identity,
                input: manifest(uid: seen.uid, version: seen.version, transitions: seen.transitions + 1).text
            ), seconds: 20)
        if replaced.status == 0 { return hold(replaced.output) }
        if let now = try await look() {
            guard now.holder == holder else { throw busy(now) }
            // The same version: it was this run's before, and is not renewed.
            if now.version != seen.version {
                hold(now)
                return .held
            }
        }
        return .unreachable(.noAnswerToLease(from: installation, said: replaced.said))
    }

    private func hold(_ identity: String) -> Outcome {
        let words = identity.split(separator: " ").map { String($0) }
        state = .held(uid: words.first ?? "", version: words.last ?? "", renewed: dependencies.now())
        return .held
    }

    /// After a lost answer: the Lease shows when it was renewed.
    private func hold(_ lease: ObservedLease) {
        state = .held(uid: lease.uid, version: lease.version, renewed: lease.renewed)
    }

    private func busy(_ lease: ObservedLease) -> InstallerError {
        InstallerError(
            "Another buildkit-installer process is running on this installation: \(lease.holder)",
            detail:
                "It holds the Lease \(reference.name) in namespace \(installation.namespace), which expires at "
                + "\(lease.expires.formatted(.iso8601)) unless it is renewed.",
            hint: "Wait until it has finished, then run the same command again. Its Lease: "
                + "\(reference.kubectl("get", reference.kind.rawValue, reference.name))",
            code: .locked)
    }

    // MARK: Renewing

    /// Renews it periodically until it is released.
    func keep() {
        guard renewing == nil else { return }
        renewing = Task { [weak self, dependencies] in
            while !Task.isCancelled {
                // A cancelled pause ends the renewal.
                guard (try? await dependencies.pause(Self.rhythm)) != nil else { return }
                await self?.renew()
            }
        }
    }

    func renew() async {
        guard case .held(let uid, let version, _) = state else { return }
        let renewed = try? await run(
            reference.kubectl(
                "replace", "--filename", "-", "--output", ChangeRequest.identity,
                input: manifest(uid: uid, version: version).text
            ), seconds: 8)
        guard case .held = state, let renewed else { return }
        if renewed.status == 0 {
            _ = hold(renewed.output)
        } else if renewed.errors.contains("(NotFound)") {
            // The namespace or the Lease was deleted: the Lease is acquired again where possible.
            state = .none
        } else if renewed.errors.contains("(Conflict)") {
            let now: ObservedLease?
            // Where it cannot be read, nothing is known: it stays held, until the time of its last renewal is over.
            do { now = try await look() } catch { return }
            guard case .held = state else { return }
            guard let now else {
                // Deleted: the precondition of a missing object is a conflict, too.
                state = .none
                return
            }
            if now.holder == holder { hold(now) } else { state = .lost(busy(now)) }
        }
    }

    /// Ensures, before a change in the cluster, that no other run can be active.
    /// - Throws: where another run is active, or where that is unknown.
    func ensure() async throws {
        if case .held(_, _, let renewed) = state,
            dependencies.now().timeIntervalSince(renewed) > Double(Self.duration) * 2 / 3
        {
            await renew()
        }
        switch state {
        case .unguarded: return
        case .lost(let failure): throw failure
        case .held: try checkAge()
        case .none:
            if case .unreachable(let failure) = try await acquire() { throw failure }
            try checkAge()
        }
    }

    private func checkAge() throws {
        guard isOutdated else { return }
        throw InstallerError.noAnswerToLease(from: installation, said: nil)
    }

    /// Releases it, so that the next run need not wait. Where it cannot be deleted, it expires.
    public func release() async {
        renewing?.cancel()
        await renewing?.value
        renewing = nil
        guard case .held(let uid, let version, _) = state else {
            if mayExist { await withdraw() }
            return
        }
        state = .none
        // Also for a cancelled run.
        let isDeleted = await Task { await delete(uid: uid, version: version) }.value
        // A renewal whose answer was lost has changed its version.
        if !isDeleted { await withdraw() }
    }

    /// Deletes it if it is this run's, after an answer was lost. A cluster that still does not answer is not awaited for
    /// long: the Lease expires.
    func withdraw() async {
        mayExist = false
        await Task {
            guard let seen = try? await look(seconds: 8), seen.holder == holder else { return }
            _ = await delete(uid: seen.uid, version: seen.version)
        }.value
    }

    private func delete(uid: String, version: String) async -> Bool {
        let result = try? await run(reference.delete(uid: uid, version: version), seconds: 15)
        return result?.status == 0
    }

    // MARK: The object

    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private func look(seconds: Int = 20) async throws -> ObservedLease? {
        let result = try await run(reference.get, seconds: seconds)
        let object: JSONValue? = try result.json(else: "The Lease \(reference.name) cannot be read")
        return object.flatMap { ObservedLease($0, duration: Self.duration) }
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

    /// A tool that times out is treated like a cluster that does not answer. It may be waiting for a login; the later
    /// checks allow more time for that.
    private func run(_ command: Command, seconds: Int) async throws -> CommandResult {
        var command = command
        command.timeout = seconds
        do { return try await dependencies.runner.run(command) } catch let failure as InstallerError
            where failure.code == .toolTimedOut
        {
            let said = [failure.message, failure.detail].compactMap(\.self)
            return CommandResult(status: 1, errors: said.joined(separator: "\n"))
        }
    }
}

extension InstallerError {
    fileprivate static func noAnswerToLease(from installation: InstallationID, said: String?) -> Self {
        InstallerError(
            "Cannot determine whether another process is running on this installation: the cluster does not respond",
            detail: said, hint: .reachCluster(by: installation.cluster.look("version")))
    }
}
