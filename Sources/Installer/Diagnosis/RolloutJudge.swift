import FoundationEssentials

/// Judges, look by look, whether pods that somebody waits for can still get ready. Pure: time is passed in.
struct RolloutJudge {
    /// A cause that waiting cannot mend has to be seen so often: what a controller has not caught up with passes.
    private static let confirmations = 2
    /// How long pods have that were there before, in seconds: they may be about to be replaced.
    private static let formerPods = 30

    private struct Sighting {
        var since: Date
        var looks: Int
    }

    private let installation: InstallationID
    /// What was there when the wait began, by the objects' keys.
    private let former: Set<String>
    private var sightings: [String: Sighting] = [:]
    private var said: [String: String] = [:]

    /// - Parameter objects: as they were when the wait began; nil: nobody has looked.
    init(_ installation: InstallationID, before objects: ReleaseObjects?) {
        self.installation = installation
        former = Set((objects?.items ?? []).compactMap { $0["metadata"]?["uid"]?.string })
    }

    /// What a look came to.
    struct Verdict {
        /// What has changed, a line each: "buildkit-builder-1: pulling image …".
        var lines: [String]
        /// Why waiting is given up; nil: it is not.
        var cause: Cause?
    }

    mutating func judge(_ objects: ReleaseObjects, at now: Date) -> Verdict {
        let causes = CauseFinder(objects, of: installation).causes
        var next: [String: Sighting] = [:]
        for cause in causes {
            let id = "\(cause.key) \(cause.code.rawValue)"
            let before = sightings[id]
            next[id] = Sighting(since: before?.since ?? now, looks: (before?.looks ?? 0) + 1)
        }
        sightings = next
        return Verdict(lines: news(objects, causes), cause: causes.first { isHopeless($0, at: now) })
    }

    private func isHopeless(_ cause: Cause, at now: Date) -> Bool {
        guard let sighting = sightings["\(cause.key) \(cause.code.rawValue)"] else { return false }
        let age = Int(now.timeIntervalSince(sighting.since))
        let patience =
            former.contains(cause.key) ? max(cause.patience, .short(Self.formerPods)) : cause.patience
        return switch patience {
        case .none: sighting.looks >= Self.confirmations
        case .short(let seconds): age >= seconds
        case .full: false
        }
    }

    // MARK: What is shown meanwhile

    private mutating func news(_ objects: ReleaseObjects, _ causes: [Cause]) -> [String] {
        var lines: [String] = []
        for pod in objects.own("Pod", of: installation) {
            tell(PodProgress(pod, in: objects).text, pod.name, &lines)
        }
        for cause in causes where !cause.object.hasPrefix("Pod ") {
            tell("\(cause.headline): \(Redactor.of(cause.words))", cause.object, &lines)
        }
        return lines
    }

    private mutating func tell(_ text: String, _ name: String, _ lines: inout [String]) {
        guard said[name] != text else { return }
        said[name] = text
        lines.append("\(name): \(text)")
    }
}

/// How far a pod has got, in a few words that change only when it gets further.
struct PodProgress {
    let text: String

    init(_ pod: JSONValue, in objects: ReleaseObjects) { text = Self.words(pod, objects) }

    private static func words(_ pod: JSONValue, _ objects: ReleaseObjects) -> String {
        if pod["metadata"]?["deletionTimestamp"] != nil { return "ending" }
        if PodProblems.isReady(pod) { return "ready" }
        if pod.condition("PodScheduled") == false { return "waiting for a node" }
        let containers =
            (pod["status"]?["initContainerStatuses"]?.array ?? [])
            + (pod["status"]?["containerStatuses"]?.array ?? [])
        let states = containers.filter { $0["ready"]?.bool != true }.compactMap { $0["state"] }
        if let reason = states.lazy.compactMap({ $0["waiting"]?["reason"]?.string }).first {
            guard ["ContainerCreating", "PodInitializing"].contains(reason) else { return reason }
            let last = objects.events(about: pod).last
            switch last?["reason"]?.string {
            case "Pulling": return last?["message"]?.string.map(lowered) ?? "pulling its image"
            case "Pulled": return "image pulled"
            case "FailedMount", "FailedCreatePodSandBox", "FailedAttachVolume":
                return "starting: \(last?["reason"]?.string ?? "")"
            default: return "starting"
            }
        }
        if states.contains(where: { $0["running"] != nil }) { return "running, not ready yet" }
        if let ended = states.lazy.compactMap({ $0["terminated"]?["reason"]?.string }).first {
            return "ended: \(ended)"
        }
        return "starting"
    }

    /// An event's sentence inside of a line: `Pulling image "moby/buildkit:v0.33.0"`.
    private static func lowered(_ text: String) -> String {
        Redactor.of((text.first.map { $0.lowercased() } ?? "") + text.dropFirst())
    }
}
