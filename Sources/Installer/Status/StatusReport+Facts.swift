import FoundationEssentials
import MutualTLS

extension StatusReport {
    /// Pure: the same facts at the same time always give the same status.
    /// - Parameter days: a certificate is due with fewer remaining days.
    init(_ facts: Facts, _ answers: Answers, places: InstallerPaths, home: String, now: Date, days: Int) {
        let installation = answers.installation
        let objects = facts.objects.value
        var facts = facts
        let folder = CertificateLayout(answers, installation: installation, places: places, home: home)
            .clientFolder
        let service = objects?.clientService(of: installation, or: answers.fullname)
        if facts.isAbsent(installation), service == nil {
            // The endpoint that answers then belongs to another installation.
            facts.served = .pending
            facts.keepBuilders(readingFrom: folder)
        }
        let inventory = CertificateInventory(facts, now: now, soon: days - 1)
        self.installation = installation
        settings = facts.settings
        takenAt = now
        release = (facts.release.value ?? nil).map(ReleaseReport.init)
        pods =
            objects.map { objects in
                let finder = CauseFinder(objects, of: installation)
                return objects.pods(of: installation).map { pod in
                    PodReport(
                        pod, trouble: finder.trouble(of: pod), lastEvent: objects.events(about: pod).last,
                        lastLines: facts.lastLines.value?[pod.name] ?? [])
                }.sorted { $0.name < $1.name }
            } ?? []
        address = service.map(AddressReport.init)
        certificates = inventory.entries
        let builder = facts.builders.value.flatMap { builders in
            builders.builders.first { $0.name == answers.builder }.map {
                BuilderReport($0, isCurrent: builders.current == $0.name)
            }
        }
        self.builder = builder
        served = facts.served.value.flatMap { ServedReport($0, isRegistered: builder != nil) }
        builds = facts.activity.value
        cache = objects.flatMap { CacheReport($0, of: installation, facts.cacheUse.value) }
        sleep = objects?.deployment(of: installation, "builder").map {
            SleepReport(
                isAsleep: $0["spec"]?["replicas"]?.number == 0,
                isAutomatic: objects?.isScaled($0) ?? false)
        }
        unknown = Self.unknown(facts).map {
            UnknownPart(
                part: $0.part,
                failure: $0.failure.pinned(
                    to: installation, builder: answers.builder, settings: facts.settings))
        }
        remarks = []
        health = .well
        remarks = StatusRemarks(self, facts, answers, inventory, places: places, home: home).all
        if remarks.contains(where: { $0.severity == .error }) || objects == nil || facts.release.value == nil
        {
            health = .wrong
        } else if !inventory.due(within: days - 1).isEmpty {
            health = .certificatesDue
        }
    }

    /// The parts that could not be read. Where the cluster does not answer, that is reported once.
    private static func unknown(_ facts: Facts) -> [UnknownPart] {
        func part(_ name: String, _ failure: InstallerError?) -> UnknownPart? {
            failure.map { UnknownPart(part: name, failure: $0) }
        }
        let machine = [
            part(
                "certificates on this machine",
                facts.folder.failure ?? facts.authorities.failure ?? facts.clients.failure),
            part("endpoint", facts.served.failure), part("builder", facts.builders.failure),
        ].compactMap { $0 }
        if let failure = facts.objects.failure {
            return [UnknownPart(part: "cluster", failure: failure)] + machine
        }
        // Without a release, the missing build count is not reported.
        let isNone = facts.release.value.map { $0 == nil } ?? false
        let refused = (facts.objects.value?.refused ?? []).map {
            UnknownPart(part: $0, failure: InstallerError("No permission to list \($0)", code: .forbidden))
        }
        return [
            part("release", facts.release.failure), part("Secrets", facts.secrets.failure),
            part("builds", isNone ? nil : facts.activity.failure), part("cache", facts.cacheUse.failure),
        ].compactMap { $0 } + refused + machine
    }
}

extension Facts {
    /// Whether the cluster contains no release and no pods of the installation, as far as all of that is known.
    fileprivate func isAbsent(_ installation: InstallationID) -> Bool {
        guard let release = release.value, release == nil, let objects = objects.value else { return false }
        return objects.pods(of: installation).isEmpty
    }

    /// Drops the builders of other installations: those that read other files.
    fileprivate mutating func keepBuilders(readingFrom folder: String) {
        guard var known = builders.value else { return }
        known.builders.removeAll { $0.nodes.first?.options["cert"]?.parentFolder != folder }
        builders = .known(known)
    }
}

extension StatusReport.ReleaseReport {
    fileprivate init(_ release: Facts.Release) {
        let version = release.chart.dropPrefix("\(Chart.name)-")
        self.init(
            chart: release.chart, app: release.appVersion, status: release.status, revision: release.revision,
            newerChart: Chart.version.newer(than: version),
            newerApp: release.appVersion.flatMap { Chart.appVersion.newer(than: $0) })
    }
}

extension StatusReport.PodReport {
    fileprivate init(_ pod: JSONValue, trouble: String?, lastEvent: JSONValue?, lastLines: [String]) {
        let trouble = trouble.map(Redactor.of)
        // A message that is already part of `trouble` is not repeated.
        let event = lastEvent.flatMap { event in
            trouble.map { !$0.hasSuffix(event["message"]?.string?.trimmed ?? "") } == true
                ? event.eventSentence : nil
        }
        self.init(
            name: pod.name, isReady: trouble == nil, node: pod["spec"]?["nodeName"]?.string, trouble: trouble,
            lastEvent: event, lastLines: lastLines)
    }
}

extension StatusReport.AddressReport {
    fileprivate init(_ service: JSONValue) {
        let port = service["spec"]?["ports"]?.array.first
        let ingress = service["status"]?["loadBalancer"]?["ingress"]?.array ?? []
        self.init(
            type: service["spec"]?["type"]?.string ?? "ClusterIP",
            addresses: ingress.compactMap { $0["hostname"]?.string ?? $0["ip"]?.string }.filter(\.isHost),
            port: port?["port"]?.number.map { Int($0) }, nodePort: port?["nodePort"]?.number.map { Int($0) })
    }
}

extension StatusReport.ServedReport {
    /// Nil where there are no files to connect with and no builder is registered.
    fileprivate init?(_ served: ServedEndpointState, isRegistered: Bool) {
        var answered = false
        switch served.result {
        case .answered: answered = true
        case .filesUnusable where !isRegistered: return nil
        default: break
        }
        self.init(
            endpoint: "\(served.endpoint)", wasForwarded: served.wasForwarded, answered: answered,
            sentence: served.result.sentence)
    }
}

extension StatusReport.BuilderReport {
    fileprivate init(_ builder: Facts.Builder, isCurrent: Bool) {
        let node = builder.nodes.first
        self.init(
            name: builder.name, endpoint: node?.endpoint ?? "", isCurrent: isCurrent,
            folder: node?.options["cert"]?.parentFolder)
    }
}

extension StatusReport.CacheReport {
    /// Nil where there is no BuildKit Deployment.
    fileprivate init?(_ objects: ReleaseObjects, of installation: InstallationID, _ use: CacheUse?) {
        guard let deployment = objects.deployment(of: installation, "builder") else { return nil }
        let claim = deployment.podVolumes.lazy
            .compactMap { $0["persistentVolumeClaim"]?["claimName"]?.string }.first
        let size = claim.flatMap { objects.object("PersistentVolumeClaim", $0) }.flatMap {
            ($0["status"]?["capacity"]?["storage"] ?? $0["spec"]?["resources"]?["requests"]?["storage"])?
                .string
        }
        self.init(claim: claim, size: size, use: use)
    }
}

extension ReleaseObjects {
    /// Whether the Deployment is scaled automatically; KEDA also uses a HorizontalPodAutoscaler.
    fileprivate func isScaled(_ deployment: JSONValue) -> Bool {
        items.contains {
            $0["kind"]?.string == "HorizontalPodAutoscaler"
                && $0["spec"]?["scaleTargetRef"]?["name"]?.string == deployment.name
        }
    }
}

extension String {
    /// This version, where it is newer than the other one.
    fileprivate func newer(than other: String) -> String? {
        guard let own = Version(self), let other = Version(other), own > other else { return nil }
        return self
    }

    fileprivate func dropPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
