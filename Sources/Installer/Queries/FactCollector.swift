import Synchronization

/// Reads all facts of this machine and the cluster, concurrently.
///
/// It takes as long as its slowest part. Where the server does not answer, all other queries of the cluster are
/// cancelled.
public struct FactCollector: Sendable {
    let dependencies: Dependencies
    let answers: Answers
    let extras: Set<Extra>
    /// Creates the admission request from the other facts; nil: admission is not queried.
    private let request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)?

    /// Facts that take long and that not every command needs.
    public enum Extra: Sendable {
        /// ``Facts/kubectl`` and ``Facts/contexts``, which are read anyway where the cluster does not answer
        case kubeconfig
        /// ``Facts/helm``, ``Facts/docker`` and ``Facts/buildx``: the tools that change a release or a builder
        case tools
        /// ``Facts/activity``
        case activity
        /// ``Facts/served``
        case served
        /// ``Facts/sightings``
        case sightings
        /// ``Facts/revokedElsewhere``
        case revocations
        /// ``Facts/scale``
        case scale
        /// ``Facts/chartNames``
        case values
        /// ``Facts/installations`` and ``Facts/namespaces``
        case installations
        /// ``Facts/otherReleases``
        case releases
        /// ``Facts/backends``
        case backends
        /// ``Facts/pausedRollouts``
        case rollouts
        /// The facts of an uninstall: ``Facts/namespaceContents``, ``Facts/localState``, and its own rights.
        case removal
    }

    public init(
        dependencies: Dependencies, answers: Answers, including extras: Set<Extra> = [],
        asking request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)? = nil
    ) {
        self.request = request
        self.dependencies = dependencies
        self.answers = answers
        self.extras = extras
    }

    /// Reads the facts, and reports them after each part.
    ///
    /// It returns when all parts have been read. Where its task is cancelled it returns earlier, but only after every
    /// tool that it started has ended.
    @discardableResult
    public func follow(_ report: @escaping @Sendable (Facts) -> Void) async -> Facts {
        await ClusterConnection.sharing(dependencies) { shared in
            await FactCollector(
                dependencies: shared, answers: answers, including: extras, asking: request
            ).collect(report)
        }
    }

    private func collect(_ report: @escaping @Sendable (Facts) -> Void) async -> Facts {
        let facts = Mutex(Facts(lookedAt: dependencies.now()))
        let take: @Sendable (FactSource.Change) -> Void = { change in
            facts.withLock {
                change(&$0)
                // Inside the lock, so that each report contains at least the facts of the previous one.
                report($0)
            }
        }
        if extras.contains(.values) { take(await valuesFile.find(dependencies)) }
        let likely = named(by: facts.withLock { $0 })
        await likely.look { change in
            take {
                change(&$0)
                // What has other names is not the release's.
                if likely.isMisnamed(by: $0) { $0.forgetNamed() }
            }
        }
        let known = facts.withLock { $0 }
        let settled = likely.named(by: known)
        if likely.isMisnamed(by: known) {
            await find(settled.namedSources(at: settled.answers.installation(known)), take)
        }
        // An answer of the named context proves that kubectl and the context can be used; their absence explains a failure.
        if facts.withLock({ $0.server.failure != nil }), !readsKubeconfig { await find(kubeconfig, take) }
        take(await settled.admission(after: facts.withLock { $0 }))
        return facts.withLock { $0 }
    }

    /// With the names of the chart's objects, as far as they are known: those of an existing release are read with it. Its
    /// objects are read beside it, by the likely names.
    private func named(by facts: Facts) -> FactCollector {
        FactCollector(
            dependencies: dependencies, answers: answers.named(by: facts), including: extras, asking: request)
    }

    private func isMisnamed(by facts: Facts) -> Bool {
        answers.named(by: facts).fullname != answers.fullname
    }

    /// The objects of the chart depend on all other facts.
    private func admission(after facts: Facts) async -> FactSource.Change {
        if let failure = facts.server.failure ?? facts.helm.failure {
            return { $0.admission = .unavailable(failure) }
        }
        guard let request = request?(answers, facts, dependencies) else {
            return { $0.admission = .known(.ofNothing) }
        }
        let installation = answers.installation(facts)
        return await FactSource(\.admission) {
            try await AdmissionQuery(request: request, installation: installation).admission(in: $0)
        }.find(dependencies)
    }

    /// All facts, once.
    public func complete() async -> Facts { await follow { _ in } }

    /// All facts for a report, with answers that name the context. Where it is unknown, so are the installation's files on this
    /// machine: their path has its name.
    public func report() async -> (answers: Answers, facts: Facts) {
        var facts = await complete()
        var answers = answers
        answers.context = answers.installation(facts).context
        // kubectl may be missing.
        if answers.context.isEmpty { answers.context = Kubeconfig(in: dependencies).currentContext ?? "" }
        if answers.context.isEmpty, facts.contexts.failure != nil { facts.loseFiles() }
        return (answers, facts)
    }

    /// The installation of the answers, with its context named where it is known.
    public func installation() async -> InstallationID { await knownInstallation() ?? answers.installation }

    /// The installation of the answers, with its context named; nil where the current one is unknown.
    func knownInstallation() async -> InstallationID? {
        guard answers.context.isEmpty else { return answers.installation }
        await (dependencies.runner as? ClusterConnection)?.prepare()
        if let name = Kubeconfig(in: dependencies).currentContext {
            var answers = answers
            answers.context = name
            return answers.installation
        }
        var facts = Facts()
        await FactSource(\.contexts, .contexts).find(dependencies)(&facts)
        return facts.contexts.failure == nil ? answers.installation(facts) : nil
    }

    /// Why the cluster does not answer; nil where it does.
    public func whyUnreachable() async -> InstallerError? {
        var facts = Facts()
        await server.find(dependencies)(&facts)
        return facts.server.failure
    }

    private func look(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await find(machine, note) }
            group.addTask { await lookAtFiles(note) }
            group.addTask { await lookAtCluster(note) }
        }
    }

    /// Reads these facts concurrently.
    private func find(
        _ lookups: [FactSource], _ note: @escaping @Sendable (FactSource.Change) -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for lookup in lookups { group.addTask { note(await lookup.find(dependencies)) } }
        }
    }

    /// The files of an install are stored by context, so the name of the current context is read first.
    private func lookAtFiles(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        let installation = await installation()
        await withTaskGroup(of: Void.self) { group in
            if extras.contains(.served) {
                group.addTask { note(await served(at: installation).find(dependencies)) }
            }
            for lookup in files(of: installation) { note(await lookup.find(dependencies)) }
        }
    }

    /// Queries the server's version beside everything else; where that fails, the other queries are cancelled.
    private func lookAtCluster(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        guard !LoginPlugin.isUsed(in: dependencies) else { return await lookAfterLogin(note) }
        await withTaskGroup(of: Bool.self) { group in
            for lookup in cluster {
                group.addTask {
                    note(await lookup.find(dependencies))
                    return true
                }
            }
            group.addTask {
                let change = await server.find(dependencies)
                note(change)
                var found = Facts()
                change(&found)
                return found.server.value != nil
            }
            for await isReachable in group where !isReachable { group.cancelAll() }
        }
    }
}

// Kubeconfigs with a login plugin.

extension FactCollector {
    /// One query with a long timeout first, and the others after it: each of them would start a slow or interactive
    /// login of its own. Those that fail are repeated one by one, since some logins cannot run concurrently.
    private func lookAfterLogin(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        var dependencies = dependencies
        dependencies.runner = LoginPlugin.Listener(base: dependencies.runner) {
            [notice = dependencies.notice] line in
            notice(line)
            note { $0.loginWords.append(line) }
        }
        let timeout = answers.loginTimeout
        let query = Query<String>.server(installation, loginTimeout: timeout)
        let server = await FactSource(\.server) { dependencies in
            do { return try await query.value(from: dependencies.runner) } catch let failure as InstallerError
                where failure.code == .toolTimedOut
            {
                throw InstallerError(
                    "The login to the cluster took longer than \(timeout) s", detail: failure.detail,
                    hint: "Log in first: \(installation.cluster.command(["version"])). "
                        + "Or allow more time: --login-timeout \(min(timeout * 3, 3600))",
                    code: failure.code, subject: failure.subject)
            }
        }.find(dependencies)
        note(server)
        var found = Facts()
        server(&found)
        let isReachable = found.server.value != nil
        let changes = await withTaskGroup(of: (Int, FactSource.Change).self) { group in
            // Without a server no query is run: each one reports that it was cancelled.
            if !isReachable { group.cancelAll() }
            for (index, lookup) in cluster.enumerated() {
                group.addTask { (index, await lookup.find(self.dependencies)) }
            }
            var changes: [(Int, FactSource.Change)] = []
            for await change in group { changes.append(change) }
            return changes
        }
        for (index, change) in changes {
            let lookup = cluster[index]
            change(&found)
            let again = isReachable && lookup.isMissing(found) && !Task.isCancelled
            note(again ? await lookup.find(self.dependencies) : change)
        }
    }
}
