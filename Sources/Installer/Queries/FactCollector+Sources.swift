// Each fact, and how it is read.

extension FactCollector {
    var installation: InstallationID { answers.installation }

    /// The facts from the tools and files of this machine.
    var machine: [FactSource] {
        [FactSource(\.builders) { try BuildxState(of: $0).builders() }]
            + (readsKubeconfig ? kubeconfig : [])
            + (extras.contains(.tools)
                ? [
                    FactSource(\.helm, .helm), FactSource(\.docker, .docker), FactSource(\.buildx, .buildx),
                ] : [])
    }

    var kubeconfig: [FactSource] {
        [FactSource(\.kubectl, .kubectl), FactSource(\.contexts, .contexts)]
    }

    /// Without a named context, the current one is needed.
    var readsKubeconfig: Bool {
        !extras.isDisjoint(with: [.kubeconfig, .tools]) || answers.context.isEmpty
    }

    /// The facts from the files of one installation.
    func files(of installation: InstallationID) -> [FactSource] {
        let certificates = certificates(of: installation)
        let journal = dependencies.places.journal(of: installation)
        return [
            folder(of: installation),
            FactSource(\.authorities) { _ in try certificates.authorities() },
            FactSource(\.clients) { try await certificates.clients(in: $0) },
            FactSource(\.issued) { _ in try certificates.outer.issuedCertificates() },
            FactSource(\.renewal) { try await certificates.pendingRenewal(in: $0) },
            FactSource(\.files) { _ in certificates.digests },
            FactSource(\.interruptedRun) { _ in Journal.interruptedRun(at: journal) },
            FactSource(\.kept) { $0.recall(installation) },
            FactSource(\.bundleTrouble) { [answers] dependencies in
                answers.bundle.isEmpty
                    ? nil
                    : BundleTarget(
                        path: answers.bundle.expanded(home: dependencies.home),
                        outside: certificates.outer.path
                    ).trouble()
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

    private func folder(of installation: InstallationID) -> FactSource {
        let certificates = certificates(of: installation)
        return FactSource(\.folder) { await certificates.inspection(in: $0) }
    }

    /// The names that the values file sets.
    var valuesFile: FactSource { FactSource(\.chartNames) { [answers] in try $0.chartNames(answers) } }

    /// The facts that are read by the names of the chart's objects, or compared with them.
    func namedSources(at installation: InstallationID) -> [FactSource] {
        [folder(of: installation)] + namedInCluster
            + (extras.contains(.served) ? [served(at: installation)] : [])
    }

    private var namedInCluster: [FactSource] {
        let certificates = certificates(of: installation)
        return [
            FactSource(\.service, .service(answers)), FactSource(\.cacheClaim, .cacheClaim(answers)),
            FactSource(\.secrets) { try await certificates.secrets(in: $0) },
        ]
            + (extras.contains(.removal)
                ? [
                    FactSource(
                        \.namespaceContents, .namespaceContents(installation, cacheClaim: answers.cacheClaim))
                ] : [])
    }

    /// The facts from the cluster.
    var cluster: [FactSource] {
        let always: [FactSource] = [
            FactSource(\.missingRights, .missingRights(of: rights, installation)),
            FactSource(\.namespace, .namespace(installation)),
            FactSource(\.storageClasses, .storageClasses(installation)),
            FactSource.nodes(installation),
            FactSource(\.lacksKEDA) { [answers] in try await Facts.lacksKEDA(answers, in: $0) },
            FactSource(\.release, .release(installation)),
        ]
        return always + namedInCluster + (extras.contains(.activity) ? [activity] : [])
            + (extras.contains(.installations)
                ? [installations, FactSource(\.namespaces, .namespaces(installation))] : [])
            + (extras.contains(.scale) ? [FactSource(\.scale, .slumber(installation))] : [])
            + (extras.contains(.sightings) ? [FactSource(\.sightings, .sightings(installation))] : [])
            + revokedElsewhere
            + (extras.contains(.releases) ? [releases] : [])
            + (extras.contains(.backends) ? [backends] : [])
            + (extras.contains(.rollouts) ? [rollouts] : [])
    }

    private var rights: [Facts.Right] {
        extras.contains(.removal)
            ? Facts.Right.needed(toRemove: RemovablePart.allCases, endsBuilds: true)
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

    /// Only of this context: another one may require a login of its own.
    private var revokedElsewhere: [FactSource] {
        guard extras.contains(.revocations) else { return [] }
        let source = FactSource(\.revokedElsewhere) { dependencies in
            let here = await installation()
            let others = dependencies.sharers(of: certificates(of: here).outer, beside: here).map(\.id)
                .filter { $0.context == here.context }
            let lists = try await concurrently(others) { other in
                await Fact { try await other.revokedSerials(in: dependencies) }
            }
            return Dictionary(zip(others, lists), uniquingKeysWith: { first, _ in first })
        }
        return [source]
    }

    private var releases: FactSource { FactSource(\.otherReleases, .otherReleases(beside: installation)) }
    private var backends: FactSource { FactSource(\.backends, .backends(of: installation)) }
    private var rollouts: FactSource { FactSource(\.pausedRollouts, .pausedRollouts(of: installation)) }
    var server: FactSource { FactSource(\.server, .server(installation)) }

    private func certificates(of installation: InstallationID) -> CertificateLayout {
        CertificateLayout(
            answers, installation: installation, places: dependencies.places, home: dependencies.home)
    }
}
