import Synchronization

/// Finds out what this machine and the cluster are, everything at the same time.
///
/// It takes as long as its slowest part. Where the server does not answer, nothing waits for it twice: what
/// else was asked of it is given up.
public struct Survey: Sendable {
    private let world: World
    private let answers: Answers
    private let extras: Set<Extra>

    /// What takes long and not everybody needs.
    public enum Extra: Sendable {
        /// ``Facts/activity``
        case activity
        /// ``Facts/served``
        case served
        /// ``Facts/sightings``
        case sightings
        /// What only an uninstall asks: ``Facts/inhabitants``, ``Facts/remains``, and its own rights.
        case removal
    }

    public init(world: World, answers: Answers, including extras: Set<Extra> = []) {
        self.world = world
        self.answers = answers
        self.extras = extras
    }

    /// The facts as they grow: once more after each part that was found, and finished when all are.
    ///
    /// Whoever stops listening stops the looking.
    public func facts() -> AsyncStream<Facts> {
        AsyncStream { continuation in
            let facts = Mutex(Facts(lookedAt: world.now()))
            let looking = Task {
                await look { change in
                    facts.withLock {
                        change(&$0)
                        // Inside the lock: the listener sees the facts grow, never shrink.
                        _ = continuation.yield($0)
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in looking.cancel() }
        }
    }

    /// Everything, at once.
    public func complete() async -> Facts {
        var last = Facts()
        for await facts in facts() { last = facts }
        return last
    }

    /// The installation that the answers are about, its context named.
    public func site() async -> Site {
        guard answers.context.isEmpty else { return answers.site }
        var facts = Facts()
        await Lookup(\.contexts, .contexts).find(world)(&facts)
        return answers.site(facts)
    }

    private func look(_ note: @escaping @Sendable (Lookup.Change) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for lookup in machine { group.addTask { note(await lookup.find(world)) } }
            group.addTask { await lookAtFiles(note) }
            group.addTask { await lookAtCluster(note) }
        }
    }

    /// What is kept of an install is kept by context: which one is current is looked up first.
    private func lookAtFiles(_ note: @Sendable (Lookup.Change) -> Void) async {
        let contexts = await Lookup(\.contexts, .contexts).find(world)
        note(contexts)
        var facts = Facts()
        contexts(&facts)
        let site = answers.site(facts)
        for lookup in files(of: site) { note(await lookup.find(world)) }
        if extras.contains(.served) { note(await served(at: site).find(world)) }
    }

    /// Asks for the server's version beside everything else; where that fails, the rest is given up.
    private func lookAtCluster(_ note: @escaping @Sendable (Lookup.Change) -> Void) async {
        await withTaskGroup(of: Bool.self) { group in
            for lookup in cluster {
                group.addTask {
                    note(await lookup.find(world))
                    return true
                }
            }
            group.addTask {
                let change = await server.find(world)
                note(change)
                var found = Facts()
                change(&found)
                return found.server.value != nil
            }
            for await isReachable in group where !isReachable { group.cancelAll() }
        }
    }
}

extension Survey {
    private var site: Site { answers.site }

    /// What is asked of the tools and the files of this machine.
    private var machine: [Lookup] {
        [
            Lookup(\.kubectl, .kubectl), Lookup(\.helm, .helm), Lookup(\.docker, .docker),
            Lookup(\.buildx, .buildx), Lookup(\.builders) { BuildxState(of: $0).builders() },
        ]
    }

    /// What is looked up among the files of one installation.
    func files(of site: Site) -> [Lookup] {
        let certificates = certificates(of: site)
        let journal = world.places.journal(of: site)
        return [
            Lookup(\.folder) { await certificates.inspection(in: $0) },
            Lookup(\.authorities) { _ in try certificates.authorities() },
            Lookup(\.clients) { try await certificates.clients(in: $0) },
            Lookup(\.issued) { _ in try certificates.outer.issuedCertificates() },
            Lookup(\.renewal) { try await certificates.pendingRenewal(in: $0) },
            Lookup(\.files) { _ in certificates.digests },
            Lookup(\.unfinished) { _ in Journal.unfinished(at: journal) },
            Lookup(\.kept) { $0.recall(site) },
        ] + (extras.contains(.removal) ? [Lookup(\.remains) { try certificates.remains($0.places) }] : [])
    }

    /// What is asked of the cluster.
    private var cluster: [Lookup] {
        let certificates = certificates(of: site)
        return [
            Lookup(\.missingRights, .missingRights(of: rights, site)),
            Lookup(\.namespace, .namespace(site)), Lookup(\.storageClasses, .storageClasses(site)),
            Lookup(\.nodes, .nodes(site)), Lookup(\.service, .service(answers)),
            Lookup(\.secrets) { try await certificates.secrets(in: $0) },
            Lookup(\.lacksKEDA) { [answers] in try await Facts.lacksKEDA(answers, in: $0) },
            Lookup(\.release, .release(site)), Lookup(\.cacheClaim, .cacheClaim(answers)),
        ] + (extras.contains(.activity) ? [activity] : [])
            + (extras.contains(.sightings) ? [Lookup(\.sightings, .sightings(site))] : [])
            + (extras.contains(.removal) ? [Lookup(\.inhabitants, .inhabitants(answers))] : [])
    }

    private var rights: [Facts.Right] {
        extras.contains(.removal)
            ? Facts.Right.needed(toRemove: Part.allCases) : Facts.Right.needed(for: answers)
    }

    private var activity: Lookup {
        Lookup(\.activity) { [site] in try await Activity.look(in: $0, at: site) }
    }

    func served(at site: Site) -> Lookup {
        Lookup(\.served) { [answers] in
            try await EndpointLook(answers: answers, site: site).served(in: $0)
        }
    }

    private var server: Lookup { Lookup(\.server, .server(site)) }

    private func certificates(of site: Site) -> CertificatePlan {
        CertificatePlan(answers, site: site, places: world.places, home: world.home)
    }
}

extension World {
    /// The answers that are kept of the installation that these answers are about, by the field's id.
    public func recall(_ answers: Answers) async -> [Field.ID: String] {
        recall(await Survey(world: self, answers: answers).site())
    }

    /// The answers that are kept of an installation, its context named.
    ///
    /// They only spare the user typing: where they cannot be read, there are none.
    func recall(_ site: Site) -> [Field.ID: String] {
        do throws(Failure) {
            return try AnswersFile(readingFrom: places.answers(of: site)).texts
        } catch { return [:] }
    }
}
