import Synchronization

/// Reads all facts of this machine and the cluster, concurrently.
///
/// It takes as long as its slowest part. Where the server does not answer, all other queries of the cluster are
/// cancelled.
public struct FactCollector: Sendable {
    private let dependencies: Dependencies
    private let answers: Answers
    private let extras: Set<Extra>
    /// Creates the admission request from the other facts; nil: admission is not queried.
    private let request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)?

    /// Facts that take long and that not every command needs.
    public enum Extra: Sendable {
        /// ``Facts/helm``, ``Facts/docker`` and ``Facts/buildx``: the tools that change a release or a builder
        case tools
        /// ``Facts/activity``
        case activity
        /// ``Facts/served``
        case served
        /// ``Facts/sightings``
        case sightings
        /// ``Facts/scale``
        case scale
        /// ``Facts/installations`` and ``Facts/namespaces``
        case installations
        /// The facts of an uninstall: ``Facts/namespaceContents``, ``Facts/otherReleases``, ``Facts/localState``, and
        /// its own rights.
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
        await look(take)
        take(await admission(after: facts.withLock { $0 }))
        return facts.withLock { $0 }
    }

    /// The objects of the chart depend on all other facts.
    private func admission(after facts: Facts) async -> FactSource.Change {
        if let failure = facts.server.failure ?? facts.helm.failure {
            return { $0.admission = .unavailable(failure) }
        }
        guard let request = request?(answers, facts, dependencies) else {
            return { $0.admission = .known(Admission(silence: "no resources are created")) }
        }
        let installation = answers.installation(facts)
        return await FactSource(\.admission) {
            try await AdmissionQuery(request: request, installation: installation).admission(in: $0)
        }.find(dependencies)
    }

    /// All facts, once.
    public func complete() async -> Facts { await follow { _ in } }

    /// The installation of the answers, with its context named.
    public func installation() async -> InstallationID {
        guard answers.context.isEmpty else { return answers.installation }
        await (dependencies.runner as? ClusterConnection)?.prepare()
        if let name = Kubeconfig(in: dependencies).currentContext {
            var answers = answers
            answers.context = name
            return answers.installation
        }
        var facts = Facts()
        await FactSource(\.contexts, .contexts).find(dependencies)(&facts)
        return answers.installation(facts)
    }

    /// Why the cluster does not answer; nil where it does.
    public func whyUnreachable() async -> InstallerError? {
        var facts = Facts()
        await server.find(dependencies)(&facts)
        return facts.server.failure
    }

    private func look(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for lookup in machine { group.addTask { note(await lookup.find(dependencies)) } }
            group.addTask { await lookAtFiles(note) }
            group.addTask { await lookAtCluster(note) }
        }
    }

    /// The files of an install are stored by context, so the current context is read first.
    private func lookAtFiles(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        let contexts = await FactSource(\.contexts, .contexts).find(dependencies)
        note(contexts)
        var facts = Facts()
        contexts(&facts)
        let installation = answers.installation(facts)
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

extension FactCollector {
    private var installation: InstallationID { answers.installation }

    /// The facts from the tools and files of this machine.
    private var machine: [FactSource] {
        [FactSource(\.kubectl, .kubectl), FactSource(\.builders) { try BuildxState(of: $0).builders() }]
            + (extras.contains(.tools)
                ? [
                    FactSource(\.helm, .helm), FactSource(\.docker, .docker), FactSource(\.buildx, .buildx),
                ] : [])
    }

    /// The facts from the files of one installation.
    func files(of installation: InstallationID) -> [FactSource] {
        let certificates = certificates(of: installation)
        let journal = dependencies.places.journal(of: installation)
        return [
            FactSource(\.folder) { await certificates.inspection(in: $0) },
            FactSource(\.authorities) { _ in try certificates.authorities() },
            FactSource(\.clients) { try await certificates.clients(in: $0) },
            FactSource(\.issued) { _ in try certificates.outer.issuedCertificates() },
            FactSource(\.renewal) { try await certificates.pendingRenewal(in: $0) },
            FactSource(\.files) { _ in certificates.digests },
            FactSource(\.interruptedRun) { _ in Journal.interruptedRun(at: journal) },
            FactSource(\.kept) { $0.recall(installation) },
            FactSource(\.bundleTrouble) { [answers] dependencies in
                answers.bundle.isEmpty
                    ? nil : BundleTarget(path: answers.bundle.expanded(home: dependencies.home)).trouble()
            },
            FactSource(\.clientFolders) { [answers] in $0.clientFolders(answers, of: installation) },
        ]
            + (extras.contains(.removal)
                ? [
                    FactSource(\.localState) {
                        try certificates.localState($0.places, beside: $0.neighbours(of: installation))
                    },
                    FactSource(\.localCluster) { try await installation.localCluster(in: $0) },
                ] : [])
    }

    /// The facts from the cluster.
    private var cluster: [FactSource] {
        let certificates = certificates(of: installation)
        return [
            FactSource(\.missingRights, .missingRights(of: rights, installation)),
            FactSource(\.namespace, .namespace(installation)),
            FactSource(\.storageClasses, .storageClasses(installation)),
            FactSource.nodes(installation), FactSource(\.service, .service(answers)),
            FactSource(\.secrets) { try await certificates.secrets(in: $0) },
            FactSource(\.lacksKEDA) { [answers] in try await Facts.lacksKEDA(answers, in: $0) },
            FactSource(\.release, .release(installation)), FactSource(\.cacheClaim, .cacheClaim(answers)),
        ] + (extras.contains(.activity) ? [activity] : [])
            + (extras.contains(.installations)
                ? [installations, FactSource(\.namespaces, .namespaces(installation))] : [])
            + (extras.contains(.scale) ? [FactSource(\.scale, .slumber(installation))] : [])
            + (extras.contains(.sightings) ? [FactSource(\.sightings, .sightings(installation))] : [])
            + (extras.contains(.removal)
                ? [
                    FactSource(
                        \.namespaceContents, .namespaceContents(installation, cacheClaim: answers.cacheClaim)),
                    FactSource(\.otherReleases, .otherReleases(beside: installation)),
                ] : [])
    }

    private var rights: [Facts.Right] {
        extras.contains(.removal)
            ? Facts.Right.needed(toRemove: RemovablePart.allCases)
            // Every other plan needs some of these.
            : Facts.Right.needed(for: answers) + (answers.now ? Facts.Right.toEndBuilds : [])
    }

    private var activity: FactSource {
        FactSource(\.activity) { [installation] in try await BuildActivity.look(in: $0, at: installation) }
    }

    /// Of the context's cluster, whose name is read first where none is given.
    private var installations: FactSource {
        FactSource(\.installations) { dependencies in
            let context = await installation().context
            return try await Query.installations(in: context).value(from: dependencies.runner)
        }
    }

    func served(at installation: InstallationID) -> FactSource {
        FactSource(\.served) { [answers] in
            try await EndpointProbe(answers: answers, installation: installation).served(in: $0)
        }
    }

    private var server: FactSource { FactSource(\.server, .server(installation)) }

    private func certificates(of installation: InstallationID) -> CertificateLayout {
        CertificateLayout(
            answers, installation: installation, places: dependencies.places, home: dependencies.home)
    }
}
