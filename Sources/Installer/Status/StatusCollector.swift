/// Finds out how an installation fares, everything at the same time.
///
/// It takes as long as its slowest part: what depends on nothing else begins at once, and what several parts need is
/// asked once.
public struct StatusLook: Sendable {
    private let world: World
    private let answers: Answers
    private let given: Set<Field.ID>
    private let days: Int

    /// - Parameters:
    ///   - answers: which installation is meant; what was not given is taken as it was installed.
    ///   - given: the questions that were answered now.
    ///   - days: with fewer days left, a certificate is due.
    public init(
        world: World, answers: Answers, given: Set<Field.ID>, days: Int = StatusReport.usualDays
    ) {
        self.world = world
        self.answers = answers
        self.given = given
        self.days = days
    }

    public func status() async -> StatusReport {
        let (answers, facts) = await facts()
        return StatusReport(
            facts, answers, places: world.places, home: world.home, now: world.now(), days: days)
    }

    /// What there is to see, and the answers as they were then: what was not given, as it was installed.
    /// - Parameters:
    ///   - hasFigures: whether builds are counted, and the cache is measured.
    ///   - more: what is looked up besides.
    func facts(hasFigures: Bool = true, and more: [Lookup] = []) async -> (Answers, Facts) {
        async let cluster = lookAtCluster(hasFigures)
        async let rest = all(more)
        let (answers, machine) = await lookAtMachine()
        var facts = Facts()
        for change in machine + (await cluster) + (await rest) { change(&facts) }
        return (answers, facts)
    }

    // MARK: This machine, and what needs the answers that are kept on it

    private func lookAtMachine() async -> (Answers, [Lookup.Change]) {
        var answers = answers
        var changes: [Lookup.Change] = []
        if answers.context.isEmpty {
            let change = await Lookup(\.contexts, .contexts).find(world)
            var facts = Facts()
            change(&facts)
            changes.append(change)
            answers.context = answers.site(facts).context
        }
        let site = answers.site
        answers.recall(world.recall(site), except: given.union(["context"]))
        let survey = Survey(world: world, answers: answers)
        let certificates = CertificatePlan(answers, site: site, places: world.places, home: world.home)
        let lookups =
            survey.files(of: site) + [
                survey.served(at: site), Lookup(\.builders) { BuildxState(of: $0).builders() },
                Lookup(\.secrets) { try await certificates.secrets(in: $0) },
            ]
        return (answers, changes + (await all(lookups)))
    }

    // MARK: The cluster

    /// Where the cluster does not answer, nothing waits for Helm to find that out too.
    private func lookAtCluster(_ hasFigures: Bool) async -> [Lookup.Change] {
        let site = answers.site
        return await withTaskGroup(of: (changes: [Lookup.Change], answered: Bool).self) { group in
            group.addTask { ([await Lookup(\.release, .release(site, hasValues: false)).find(world)], true) }
            group.addTask { await lookAtObjects(at: site, hasFigures) }
            var changes: [Lookup.Change] = []
            for await part in group {
                changes += part.changes
                if !part.answered { group.cancelAll() }
            }
            return changes
        }
    }

    /// The objects, and what is asked of those that there are.
    private func lookAtObjects(
        at site: Site, _ hasFigures: Bool
    ) async -> (changes: [Lookup.Change], answered: Bool) {
        let change = await Lookup(\.objects, .objects(site)).find(world)
        var facts = Facts()
        change(&facts)
        guard let objects = facts.objects.value else { return ([change], false) }
        return ([change] + (await all(followUps(objects, at: site, hasFigures))), true)
    }

    private func followUps(_ objects: ReleaseObjects, at site: Site, _ hasFigures: Bool) -> [Lookup] {
        let troubled = objects.own("Pod", of: site).filter { PodTrouble.sentence(about: $0) != nil }
        let words = Lookup(\.lastLines) { try await lastLines(of: troubled.map(\.name), at: site, in: $0) }
        return [words] + (hasFigures ? figures(objects, at: site) : [])
    }

    private func figures(_ objects: ReleaseObjects, at site: Site) -> [Lookup] {
        let running = objects.pods(of: site, "proxy").filter { $0["status"]?["phase"]?.string == "Running" }
        var lookups = [
            Lookup(\.activity) {
                try await ProxyFigures(site: site).activity(of: running.map(\.name), in: $0)
            }
        ]
        if let builder = objects.pods(of: site, "builder").first(where: { $0["spec"]?["nodeName"] != nil }) {
            lookups.append(Lookup(\.cacheUse, .cacheUse(of: builder, site)))
        }
        return lookups
    }

    /// A pod that has not begun has no log, which is no failure: it lacks here.
    private func lastLines(of pods: [String], at site: Site, in world: World) async throws -> [String:
        [String]]
    {
        await withTaskGroup(of: (String, [String]).self) { group in
            for pod in pods.prefix(Self.troubledPods) {
                group.addTask {
                    (pod, (try? await Query.lastLines(of: pod, site).value(from: world.runner)) ?? [])
                }
            }
            return await group.reduce(into: [:]) { if !$1.1.isEmpty { $0[$1.0] = $1.1 } }
        }
    }

    /// Whose logs are looked at: one is a process each, and those of a Deployment say the same.
    private static let troubledPods = 4

    private func all(_ lookups: [Lookup]) async -> [Lookup.Change] {
        await withTaskGroup(of: Lookup.Change.self) { group in
            for lookup in lookups { group.addTask { await lookup.find(world) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
