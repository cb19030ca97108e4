import MutualTLS

/// Reads the state of an installation, all parts concurrently.
///
/// It takes as long as its slowest part: independent parts start at once, and what several parts need is read once.
public struct StatusCollector: Sendable {
    /// The longest time between two reports of a watched status: not all that it shows is in the cluster.
    private static let longest = Duration.seconds(5)
    /// The shortest one: a pod changes several times within a moment.
    private static let shortest = Duration.milliseconds(300)

    private let dependencies: Dependencies
    private let answers: Answers
    private let given: Set<Field.ID>
    private let days: Int

    /// - Parameters:
    ///   - answers: selects the installation; answers that were not given are those of the install.
    ///   - given: the questions that were answered in this run.
    ///   - days: a certificate is due with fewer remaining days.
    public init(
        dependencies: Dependencies, answers: Answers, given: Set<Field.ID>,
        days: Int = CertificateSummary.usualLimit
    ) {
        self.dependencies = dependencies
        self.answers = answers
        self.given = given
        self.days = days
    }

    public func status() async -> StatusReport {
        let (answers, facts) = await facts()
        return StatusReport(
            facts, answers, places: dependencies.places, home: dependencies.home, now: dependencies.now(),
            days: days)
    }

    /// Reports the status, and again whenever pods or Deployments of the release change, until it is cancelled.
    public func watch(_ report: @escaping @Sendable (StatusReport) -> Void) async {
        let installation = answers.installation
        let objects = installation.kubectl.look(
            "get", "pods,deployments.apps", "--selector",
            KubernetesLabels.objects(of: installation), "--output", "json")
        await ClusterConnection.sharing(dependencies) { shared in
            let collector = StatusCollector(dependencies: shared, answers: answers, given: given, days: days)
            // It ends only by being cancelled.
            try? await ClusterWatch.during(objects, in: shared) { changes in
                while true {
                    let status = await collector.status()
                    try Task.checkCancellation()
                    report(status)
                    try await changes.pause(Self.longest, atLeast: Self.shortest, until: .distantFuture)
                }
            }
        }
    }

    /// The current facts, with the completed answers: those that were not given are those of the install.
    /// - Parameters:
    ///   - hasFigures: whether builds are counted and the cache is measured.
    ///   - more: additional facts to read.
    func facts(hasFigures: Bool = true, and more: [FactSource] = []) async -> (Answers, Facts) {
        await ClusterConnection.sharing(dependencies) { shared in
            await StatusCollector(dependencies: shared, answers: answers, given: given, days: days)
                .collect(hasFigures, more)
        }
    }

    private func collect(_ hasFigures: Bool, _ more: [FactSource]) async -> (Answers, Facts) {
        async let cluster = lookAtCluster(hasFigures)
        async let rest = all(more)
        let (answers, machine) = await lookAtMachine()
        var facts = Facts()
        for change in machine + (await cluster) + (await rest) { change(&facts) }
        return (answers, facts)
    }

    // MARK: This machine, and facts that need its saved answers

    private func lookAtMachine() async -> (Answers, [FactSource.Change]) {
        var answers = answers
        var changes: [FactSource.Change] = []
        // kubectl may be missing, or take as long as everything else.
        if answers.context.isEmpty { answers.context = Kubeconfig(in: dependencies).currentContext ?? "" }
        if answers.context.isEmpty {
            let change = await FactSource(\.contexts, .contexts).find(dependencies)
            var facts = Facts()
            change(&facts)
            changes.append(change)
            guard facts.contexts.failure == nil else { return (answers, changes + [Self.unnamed]) }
            answers.context = answers.installation(facts).context
        }
        let installation = answers.installation
        answers.recall(dependencies.recall(installation), except: given.union(["context"]))
        let survey = FactCollector(dependencies: dependencies, answers: answers)
        let certificates = CertificateLayout(
            answers, installation: installation, places: dependencies.places, home: dependencies.home)
        let lookups =
            survey.files(of: installation) + [
                survey.served(at: installation),
                FactSource(\.builders) { try BuildxState(of: $0).builders() },
                FactSource(\.secrets) { try await certificates.secrets(in: $0) },
            ]
        return (answers, changes + (await all(lookups)))
    }

    /// Without the name of the context, it is unknown which files and which builder are the installation's.
    private static let unnamed: FactSource.Change = {
        $0.loseFiles()
        $0.builders = .unavailable(.unknownContext)
    }

    // MARK: The cluster

    /// Where the cluster does not answer, the result of Helm is not awaited.
    private func lookAtCluster(_ hasFigures: Bool) async -> [FactSource.Change] {
        let installation = answers.installation
        return await withTaskGroup(of: (changes: [FactSource.Change], answered: Bool).self) { group in
            group.addTask {
                (
                    [
                        await FactSource(\.release, .release(installation, hasValues: false)).find(
                            dependencies)
                    ], true
                )
            }
            group.addTask { await lookAtObjects(at: installation, hasFigures) }
            var changes: [FactSource.Change] = []
            for await part in group {
                changes += part.changes
                if !part.answered { group.cancelAll() }
            }
            return changes
        }
    }

    /// The objects, and the facts that depend on existing objects.
    private func lookAtObjects(
        at installation: InstallationID, _ hasFigures: Bool
    ) async -> (changes: [FactSource.Change], answered: Bool) {
        let change = await FactSource(\.objects, .objects(installation)).find(dependencies)
        var facts = Facts()
        change(&facts)
        guard let objects = facts.objects.value else { return ([change], false) }
        return ([change] + (await all(followUps(objects, at: installation, hasFigures))), true)
    }

    private func followUps(_ objects: ReleaseObjects, at installation: InstallationID, _ hasFigures: Bool)
        -> [FactSource]
    {
        let troubled = objects.pods(of: installation).filter { !$0.isReady }
        let words = FactSource(\.lastLines) {
            try await lastLines(of: troubled, at: installation, in: $0)
        }
        return [words] + (hasFigures ? figures(objects, at: installation) : [])
    }

    private func figures(_ objects: ReleaseObjects, at installation: InstallationID) -> [FactSource] {
        var lookups = [
            FactSource(\.activity) {
                let running = try objects.runningProxies(of: installation)
                return try await ProxyMetrics(installation: installation).activity(of: running, in: $0)
            }
        ]
        if let builder = objects.pods(of: installation, "builder").first(where: {
            $0["spec"]?["nodeName"] != nil
        }) {
            lookups.append(FactSource(\.cacheUse, .cacheUse(of: builder, installation)))
        }
        return lookups
    }

    /// A pod that has not started has no log, which is not a failure: it is omitted here.
    private func lastLines(
        of pods: [JSONValue], at installation: InstallationID, in dependencies: Dependencies
    ) async throws -> [String: [String]] {
        await withTaskGroup(of: (String, [String]).self) { group in
            for pod in pods.prefix(Self.troubledPods) {
                let query = Query.lastLines(of: pod.loggingContainer, in: pod.name, installation)
                group.addTask { (pod.name, (try? await query.value(from: dependencies.runner)) ?? []) }
            }
            return await group.reduce(into: [:]) { if !$1.1.isEmpty { $0[$1.0] = $1.1 } }
        }
    }

    /// The maximum number of pods whose logs are read: the pods of a Deployment log the same.
    private static let troubledPods = 4

    private func all(_ lookups: [FactSource]) async -> [FactSource.Change] {
        await withTaskGroup(of: FactSource.Change.self) { group in
            for lookup in lookups { group.addTask { await lookup.find(dependencies) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
