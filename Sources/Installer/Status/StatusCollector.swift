/// Finds out how an installation fares, everything at the same time.
///
/// It takes as long as its slowest part: what depends on nothing else begins at once, and what several parts need is
/// asked once.
public struct StatusCollector: Sendable {
    private let dependencies: Dependencies
    private let answers: Answers
    private let given: Set<Field.ID>
    private let days: Int

    /// - Parameters:
    ///   - answers: which installation is meant; what was not given is taken as it was installed.
    ///   - given: the questions that were answered now.
    ///   - days: with fewer days left, a certificate is due.
    public init(
        dependencies: Dependencies, answers: Answers, given: Set<Field.ID>, days: Int = StatusReport.usualDays
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

    /// What there is to see, and the answers as they were then: what was not given, as it was installed.
    /// - Parameters:
    ///   - hasFigures: whether builds are counted, and the cache is measured.
    ///   - more: what is looked up besides.
    func facts(hasFigures: Bool = true, and more: [FactSource] = []) async -> (Answers, Facts) {
        async let cluster = lookAtCluster(hasFigures)
        async let rest = all(more)
        let (answers, machine) = await lookAtMachine()
        var facts = Facts()
        for change in machine + (await cluster) + (await rest) { change(&facts) }
        return (answers, facts)
    }

    // MARK: This machine, and what needs the answers that are kept on it

    private func lookAtMachine() async -> (Answers, [FactSource.Change]) {
        var answers = answers
        var changes: [FactSource.Change] = []
        if answers.context.isEmpty {
            let change = await FactSource(\.contexts, .contexts).find(dependencies)
            var facts = Facts()
            change(&facts)
            changes.append(change)
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

    // MARK: The cluster

    /// Where the cluster does not answer, nothing waits for Helm to find that out too.
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

    /// The objects, and what is asked of those that there are.
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
        let troubled = objects.own("Pod", of: installation).filter { PodProblems.sentence(about: $0) != nil }
        let words = FactSource(\.lastLines) {
            try await lastLines(of: troubled.map(\.name), at: installation, in: $0)
        }
        return [words] + (hasFigures ? figures(objects, at: installation) : [])
    }

    private func figures(_ objects: ReleaseObjects, at installation: InstallationID) -> [FactSource] {
        let running = objects.pods(of: installation, "proxy").filter {
            $0["status"]?["phase"]?.string == "Running"
        }
        var lookups = [
            FactSource(\.activity) {
                try await ProxyMetrics(installation: installation).activity(of: running.map(\.name), in: $0)
            }
        ]
        if let builder = objects.pods(of: installation, "builder").first(where: {
            $0["spec"]?["nodeName"] != nil
        }) {
            lookups.append(FactSource(\.cacheUse, .cacheUse(of: builder, installation)))
        }
        return lookups
    }

    /// A pod that has not begun has no log, which is no failure: it lacks here.
    private func lastLines(of pods: [String], at installation: InstallationID, in dependencies: Dependencies)
        async throws
        -> [String:
        [String]]
    {
        await withTaskGroup(of: (String, [String]).self) { group in
            for pod in pods.prefix(Self.troubledPods) {
                group.addTask {
                    (
                        pod,
                        (try? await Query.lastLines(of: pod, installation).value(from: dependencies.runner))
                            ?? []
                    )
                }
            }
            return await group.reduce(into: [:]) { if !$1.1.isEmpty { $0[$1.0] = $1.1 } }
        }
    }

    /// Whose logs are looked at: one is a process each, and those of a Deployment say the same.
    private static let troubledPods = 4

    private func all(_ lookups: [FactSource]) async -> [FactSource.Change] {
        await withTaskGroup(of: FactSource.Change.self) { group in
            for lookup in lookups { group.addTask { await lookup.find(dependencies) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
