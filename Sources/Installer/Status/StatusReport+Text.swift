import FoundationEssentials

extension StatusReport {
    /// The result as a sentence.
    public var headline: String {
        let place = "(\(installation))"
        return switch health {
        case .well: "BuildKit is healthy \(place)."
        case .wrong: "BuildKit is unhealthy \(place)."
        case .certificatesDue: "BuildKit is healthy \(place), but a certificate expires soon."
        }
    }

    /// The parts, one line each, then the problems, then the unknown parts.
    public var table: [ReportLine] {
        releaseLines + podLines + addressLines + certificateLines + builderLines + buildLines + cacheLines
            + sleepLines + unknownLines
    }

    public var advice: [ReportLine] {
        remarks.flatMap { remark in
            [
                ReportLine(
                    remark.severity == .error ? "Error" : "Warning", remark.sentence,
                    remark.severity == .error ? .bad : .warning)
            ] + (remark.hint.map { [ReportLine("", $0, .hint)] } ?? [])
        }
    }

    /// The status as text, one line each.
    public var lines: [String] {
        [headline] + table.texts + (advice.isEmpty ? [] : [""] + advice.texts)
    }

    // MARK: Parts

    private var releaseLines: [ReportLine] {
        guard let release else { return [] }
        let app = release.app.map { " with BuildKit \($0)" } ?? ""
        let newer = [
            release.newerChart.map { "chart \($0)" }, release.newerApp.map { "BuildKit \($0)" },
        ].compactMap { $0 }
        let upgrade = installation.installer("install", settings: settings)
        return [
            ReportLine(
                "Release", "\(release.chart)\(app), revision \(release.revision), \(release.status)",
                release.status == "deployed" ? .good : .bad)
        ]
            + (newer.isEmpty
                ? []
                : [
                    ReportLine("", "upgrade available: \(newer.inWords) (run: \(upgrade))", .warning)
                ])
    }

    private var podLines: [ReportLine] {
        pods.flatMap { pod in
            [
                ReportLine(
                    "Pod",
                    pod.trouble ?? "\(pod.name) is ready\(pod.node.map { " on \($0)" } ?? "")",
                    pod.isReady ? .good : .bad)
            ] + (pod.lastEvent.map { [ReportLine("", "last event: \($0)", .muted)] } ?? [])
                + pod.lastLines.map { ReportLine("", "log: \($0)", .muted) }
        }
    }

    private var addressLines: [ReportLine] {
        let cluster = address.map { address in
            let places = address.addresses.isEmpty ? "" : " at \(address.addresses.inWords)"
            let port = address.port.map { ", port \($0)" } ?? ""
            let nodePort = address.nodePort.map { ", node port \($0)" } ?? ""
            return ReportLine("Service", "\(address.type)\(places)\(port)\(nodePort)")
        }
        let seen = served.map { served in
            ReportLine(
                "Endpoint",
                served.sentence.withoutFullStop
                    + (served.wasForwarded ? " (via a temporary port-forward)" : ""),
                served.answered ? .good : .bad)
        }
        return [cluster, seen].compactMap { $0 }
    }

    private var certificateLines: [ReportLine] {
        certificates.map { entry in
            ReportLine(
                "Certificate", "\(entry.label): \(entry.expiry) (\(entry.placesInWords))",
                entry.validity == .valid ? .good : entry.validity == .ending ? .warning : .bad)
        }
    }

    private var builderLines: [ReportLine] {
        guard let builder else {
            return unknown.contains { $0.part == "builder" }
                ? [] : [ReportLine("Builder", "not registered on this machine", .muted)]
        }
        let current = builder.isCurrent ? ", the current builder" : ""
        let fits = served?.answered == true ? "; the proxy accepts its certificate" : ""
        return [ReportLine("Builder", "\(builder.name)\(current), at \(builder.endpoint)\(fits)")]
            + (builder.folder.map { [ReportLine("", "certificate files in \($0)", .muted)] } ?? [])
    }

    private var buildLines: [ReportLine] {
        guard let builds else { return [] }
        return [ReportLine("Builds", "\(builds.running) active, \(builds.held) queued")]
    }

    private var cacheLines: [ReportLine] {
        guard let cache else { return [] }
        let volume = cache.claim.map { "volume \($0)\(cache.size.map { " of \($0)" } ?? "")" }
        let use = cache.use.map { ", \($0.used.inBytes) used, \($0.free.inBytes) free" } ?? ""
        return [ReportLine("Cache", "\(volume ?? "ephemeral (lost when the pod restarts)")\(use)")]
    }

    private var sleepLines: [ReportLine] {
        guard let sleep else { return [] }
        let wakes =
            sleep.isAutomatic
            ? "scaled to zero; the next build wakes it"
            : "scaled to zero (run: \(installation.installer("wake")))"
        let awake = sleep.isAutomatic ? "running (autosleep on)" : "running (autosleep off)"
        return [ReportLine("Sleep", sleep.isAsleep ? wakes : awake)]
    }

    private var unknownLines: [ReportLine] {
        unknown.flatMap { part -> [ReportLine] in
            let detail = (part.failure.detail ?? "").split(separator: "\n").prefix(3)
            let hint = (part.failure.hint ?? "").split(separator: "\n")
            return [ReportLine("Unknown", "\(part.part): \(part.failure.message)", .muted)]
                + detail.map { ReportLine("", "  \($0)", .muted) }
                + hint.map { ReportLine("", "  \($0)", .hint) }
        }
    }
}

extension Int {
    /// "12.3 GiB".
    fileprivate var inBytes: String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(self)
        var unit = 0
        while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        let tenths = Int((value * 10).rounded())
        return unit == 0 || tenths >= 1000
            ? "\((tenths + 5) / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
