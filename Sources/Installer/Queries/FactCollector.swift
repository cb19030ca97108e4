import Synchronization

/// Finds out what this machine and the cluster are, everything at the same time.
///
/// It takes as long as its slowest part. Where the server does not answer, nothing waits for it twice: what
/// else was asked of it is given up.
public struct FactCollector: Sendable {
    private let dependencies: Dependencies
    private let answers: Answers
    private let extras: Set<Extra>
    /// What admission is to be asked about, by what was found; nil: nothing is.
    private let request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)?

    /// What takes long and not everybody needs.
    public enum Extra: Sendable {
        /// ``Facts/activity``
        case activity
        /// ``Facts/served``
        case served
        /// ``Facts/sightings``
        case sightings
        /// What only an uninstall asks: ``Facts/namespaceContents``, ``Facts/localState``, and its own rights.
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

    /// Looks, and reports the facts as they grow: once more after each part that was found.
    ///
    /// It returns when all has been looked at. Where its task is cancelled it returns sooner, but not before every tool
    /// has ended that it had started.
    @discardableResult
    public func follow(_ report: @escaping @Sendable (Facts) -> Void) async -> Facts {
        let facts = Mutex(Facts(lookedAt: dependencies.now()))
        let take: @Sendable (FactSource.Change) -> Void = { change in
            facts.withLock {
                change(&$0)
                // Inside the lock: the listener sees the facts grow, never shrink.
                report($0)
            }
        }
        await look(take)
        take(await admission(after: facts.withLock { $0 }))
        return facts.withLock { $0 }
    }

    /// What the chart would make follows from all that was found.
    private func admission(after facts: Facts) async -> FactSource.Change {
        if let failure = facts.server.failure ?? facts.helm.failure {
            return { $0.admission = .unavailable(failure) }
        }
        guard let request = request?(answers, facts, dependencies) else {
            return { $0.admission = .known(Admission(silence: "nothing is made that could be asked about")) }
        }
        let installation = answers.installation(facts)
        return await FactSource(\.admission) {
            try await AdmissionQuery(request: request, installation: installation).admission(in: $0)
        }.find(dependencies)
    }

    /// Everything, at once.
    public func complete() async -> Facts { await follow { _ in } }

    /// The installation that the answers are about, its context named.
    public func installation() async -> InstallationID {
        guard answers.context.isEmpty else { return answers.installation }
        var facts = Facts()
        await FactSource(\.contexts, .contexts).find(dependencies)(&facts)
        return answers.installation(facts)
    }

    /// Why the cluster cannot be asked; nil where it answers.
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

    /// What is kept of an install is kept by context: which one is current is looked up first.
    private func lookAtFiles(_ note: @Sendable (FactSource.Change) -> Void) async {
        let contexts = await FactSource(\.contexts, .contexts).find(dependencies)
        note(contexts)
        var facts = Facts()
        contexts(&facts)
        let installation = answers.installation(facts)
        for lookup in files(of: installation) { note(await lookup.find(dependencies)) }
        if extras.contains(.served) { note(await served(at: installation).find(dependencies)) }
    }

    /// Asks for the server's version beside everything else; where that fails, the rest is given up.
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

// Where a program of the kubeconfig's logs in.

extension FactCollector {
    /// One patient lookup first, and the others once it is done: a login that takes its time or asks for a code would
    /// be started by each of them. Those that fail all the same are tried again one by one, since some logins cannot
    /// run twice at a time.
    private func lookAfterLogin(_ note: @escaping @Sendable (FactSource.Change) -> Void) async {
        var dependencies = dependencies
        dependencies.runner = LoginPlugin.Listener(base: dependencies.runner) {
            [notice = dependencies.notice] line in
            notice(line)
            note { $0.loginWords.append(line) }
        }
        let query = Query<String>.server(installation, patience: LoginPlugin.patience)
        let server = await FactSource(\.server, query).find(dependencies)
        note(server)
        var found = Facts()
        server(&found)
        let isReachable = found.server.value != nil
        let changes = await withTaskGroup(of: (Int, FactSource.Change).self) { group in
            // What is not reachable is not asked for anything: each lookup says that it was given up.
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

    /// What is asked of the tools and the files of this machine.
    private var machine: [FactSource] {
        [
            FactSource(\.kubectl, .kubectl), FactSource(\.helm, .helm), FactSource(\.docker, .docker),
            FactSource(\.buildx, .buildx), FactSource(\.builders) { try BuildxState(of: $0).builders() },
        ]
    }

    /// What is looked up among the files of one installation.
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
            FactSource(\.clientFolders) { [answers] in $0.clientFolders(answers, of: installation) },
        ]
            + (extras.contains(.removal)
                ? [
                    FactSource(\.localState) { try certificates.localState($0.places) },
                    FactSource(\.localCluster) { await installation.localCluster(in: $0) },
                ] : [])
    }

    /// What is asked of the cluster.
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
            + (extras.contains(.sightings) ? [FactSource(\.sightings, .sightings(installation))] : [])
            + (extras.contains(.removal)
                ? [
                    FactSource(
                        \.namespaceContents, .namespaceContents(installation, cacheClaim: answers.cacheClaim))
                ] : [])
    }

    private var rights: [Facts.Right] {
        extras.contains(.removal)
            ? Facts.Right.needed(toRemove: RemovablePart.allCases) : Facts.Right.needed(for: answers)
    }

    private var activity: FactSource {
        FactSource(\.activity) { [installation] in try await BuildActivity.look(in: $0, at: installation) }
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

extension Dependencies {
    /// The answers that are kept of the installation that these answers are about, by the field's id.
    public func recall(_ answers: Answers) async -> [Field.ID: String] {
        recall(await FactCollector(dependencies: self, answers: answers).installation())
    }

    /// The folders that an installation's client files are in: by the answers, and by those of its last install.
    func clientFolders(_ answers: Answers, of installation: InstallationID) -> [String] {
        var before = Answers()
        before.recall(recall(installation), except: [])
        let folders = [answers, before].map {
            CertificateLayout($0, installation: installation, places: places, home: home).clientFolder
        }
        return Array(Set(folders)).sorted()
    }

    /// The name of the builder for an install to which nobody has given one.
    public func defaultBuilder(for answers: Answers) async -> String {
        // Where the builders cannot be listed, a check says so.
        guard let builders = try? BuildxState(of: self).builders(), !builders.builders.isEmpty else {
            return answers.builder
        }
        let installation = await FactCollector(dependencies: self, answers: answers).installation()
        return builders.defaultName(answers, reading: clientFolders(answers, of: installation))
    }

    /// The answers that are kept of an installation, its context named.
    ///
    /// They only spare the user typing: where they cannot be read, there are none.
    func recall(_ installation: InstallationID) -> [Field.ID: String] {
        do throws(InstallerError) {
            return try AnswersFile(readingFrom: places.answers(of: installation)).texts
        } catch { return [:] }
    }
}
