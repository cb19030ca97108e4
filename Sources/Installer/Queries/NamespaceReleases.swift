// The releases of this chart in a namespace, by their Deployments.

extension Query<[JSONValue]> {
    /// The Deployments in the namespace, also those of other charts.
    fileprivate static func deployments(beside installation: InstallationID) -> Query {
        Query(installation.kubectl.look("get", "deployments.apps", "--output", "json")) {
            result throws(InstallerError) in
            try result.items(
                else: "The Deployments in the namespace \(installation.namespace) cannot be listed")
        }
    }
}

extension Query<[String]> {
    /// The names of the other releases of this chart in the namespace, by their Deployments.
    ///
    /// Labels alone make one count, so that what it may need is kept.
    static func otherReleases(beside installation: InstallationID) -> Query {
        Query<[JSONValue]>.deployments(beside: installation).then { deployments throws(InstallerError) in
            .found(deployments.otherReleases(beside: installation))
        }
    }

    /// The names of the release's Deployments whose rollout is paused.
    static func pausedRollouts(of installation: InstallationID) -> Query {
        Query<[JSONValue]>.deployments(beside: installation).then { deployments throws(InstallerError) in
            .found(deployments.made(for: installation).filter(\.hasPausedRollout).map(\.name).sorted())
        }
    }
}

extension Query<[BackendDeployment]> {
    /// The Deployments that read the Secret of the internal certificates until they restart, the installation's own first.
    ///
    /// Another one is restarted only where Helm has created it for a release that it has a record of: users can copy labels
    /// and annotations.
    static func backends(of installation: InstallationID) -> Query {
        Query<[JSONValue]>.deployments(beside: installation).then { deployments throws(InstallerError) in
            let own = deployments.made(for: installation).first(where: \.isBuilder)
            let others = deployments.filter { $0.readsInnerSecret && $0.name != own?.name }
                .map { deployment in
                    let release = deployment.chartRelease ?? deployment.name
                    let isProven =
                        deployment.isBuilder && deployment.isMadeByHelm(for: installation.sibling(release))
                    return BackendDeployment(deployment, of: release, isRestarted: isProven)
                }.sorted { ($0.release, $0.name) < ($1.release, $1.name) }
            let all = (own.map { [BackendDeployment($0, of: installation.release)] } ?? []) + others
            return others.contains(where: \.isRestarted)
                ? .ask(recorded(all, beside: installation)) : .found(all)
        }
    }

    private static func recorded(
        _ deployments: [BackendDeployment], beside installation: InstallationID
    ) -> Query {
        let candidates = deployments.indices.filter {
            deployments[$0].isRestarted && deployments[$0].release != installation.release
        }
        let records = candidates.map {
            Query<Facts.Release?>.release(installation.sibling(deployments[$0].release), hasValues: false)
        }
        return Query(records.flatMap(\.commands)) { results throws(InstallerError) in
            var deployments = deployments
            for (index, candidate) in candidates.enumerated() {
                // A release that is locked has a record, too.
                guard case .found(let record) = try records[index].read([results[index]]) else { continue }
                deployments[candidate].isRestarted = record?.isInstalled == true
            }
            return .found(deployments)
        }
    }
}

extension BackendDeployment {
    fileprivate init(_ deployment: JSONValue, of release: String, isRestarted: Bool = true) {
        self.init(
            release: release, name: deployment.name,
            isPaused: deployment.hasPausedRollout, isRestarted: isRestarted)
    }
}

extension [JSONValue] {
    /// The names of the other releases of this chart that these objects name as their own.
    fileprivate func otherReleases(beside installation: InstallationID) -> [String] {
        Set(compactMap(\.chartRelease)).subtracting([installation.release]).sorted()
    }
}

extension Facts.Release {
    /// Whether its objects may exist: Helm keeps the records of an uninstalled release where it was told to.
    fileprivate var isInstalled: Bool { isOurs && status != "uninstalled" }
}

extension JSONValue {
    /// Whether it is of the component BuildKit.
    fileprivate var isBuilder: Bool { label(KubernetesLabels.component) == "builder" }

    /// Whether its pods read the Secret of the internal certificates only when they start. A proxy reloads it.
    fileprivate var readsInnerSecret: Bool {
        label(KubernetesLabels.component) != "proxy" && podsMount(CertificateLayout.secretNames.inner)
    }
}
