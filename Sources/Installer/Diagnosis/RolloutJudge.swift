import FoundationEssentials

/// Judges, at each poll, whether awaited pods can still become ready. Pure: time is passed in.
struct RolloutJudge {
    /// How often a cause that waiting cannot resolve must be observed: a controller may be behind for one poll.
    private static let confirmations = 2
    /// The time between the first and the last of them, in seconds.
    private static let confirmationTime = 2
    /// The patience for pods that existed before, in seconds: they may be about to be replaced.
    private static let formerPods = 30

    private struct Sighting {
        var since: Date
        var looks: Int
    }

    private let installation: InstallationID
    private let component: String?
    /// The uids of the objects that existed when the wait began.
    private let former: Set<String>
    private var sightings: [String: Sighting] = [:]
    private var said: [String: String] = [:]
    private var pods: [PodProgress] = []

    /// - Parameters:
    ///   - component: the component whose pods are awaited; nil: both.
    ///   - objects: the objects when the wait began; nil: they were not read.
    init(_ installation: InstallationID, of component: String? = nil, before objects: ReleaseObjects?) {
        self.installation = installation
        self.component = component
        former = Set((objects?.items ?? []).compactMap { $0["metadata"]?["uid"]?.string })
    }

    /// The result of a poll.
    struct Verdict {
        /// The changes, one line each: "buildkit-builder-1: pulling image …".
        var lines: [String]
        /// All pods, where one of them has advanced.
        var pods: [PodProgress]?
        /// Why waiting ends; nil: it continues.
        var cause: Cause?
    }

    mutating func judge(_ objects: ReleaseObjects, at now: Date) -> Verdict {
        let causes = CauseFinder(objects, of: installation).causes(of: component)
        var next: [String: Sighting] = [:]
        for cause in causes {
            let id = "\(cause.key) \(cause.code.rawValue)"
            let before = sightings[id]
            next[id] = Sighting(since: before?.since ?? now, looks: (before?.looks ?? 0) + 1)
        }
        sightings = next
        let pods = objects.pods(of: installation, component).map { PodProgress($0, in: objects) }
        defer { self.pods = pods }
        return Verdict(
            lines: news(pods, causes), pods: pods == self.pods ? nil : pods,
            cause: causes.first { isHopeless($0, at: now) })
    }

    private func isHopeless(_ cause: Cause, at now: Date) -> Bool {
        guard let sighting = sightings["\(cause.key) \(cause.code.rawValue)"] else { return false }
        let age = Int(now.timeIntervalSince(sighting.since))
        let patience =
            former.contains(cause.key) ? max(cause.patience, .short(Self.formerPods)) : cause.patience
        return switch patience {
        case .none: sighting.looks >= Self.confirmations && age >= Self.confirmationTime
        case .short(let seconds): age >= seconds
        case .full: false
        }
    }

    // MARK: Progress

    private mutating func news(_ pods: [PodProgress], _ causes: [Cause]) -> [String] {
        var lines: [String] = []
        for pod in pods { tell(pod.state, pod.name, &lines) }
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

extension PodProgress {
    init(_ pod: JSONValue, in objects: ReleaseObjects) {
        let restarts = pod.containers.compactMap { $0["restartCount"]?.number }.reduce(0, +)
        self.init(
            name: pod.name, state: Self.words(pod, objects), isReady: pod.isReady, restarts: Int(restarts))
    }

    private static func words(_ pod: JSONValue, _ objects: ReleaseObjects) -> String {
        if pod["metadata"]?["deletionTimestamp"] != nil { return "terminating" }
        if pod.isReady { return "ready" }
        if let said = pod.message(of: "PodScheduled") {
            // Where a cluster autoscaler is at work, its event is newer than the scheduler's verdict.
            let last = objects.events(about: pod).last?["message"]?.string ?? said
            return Redactor.of("waiting to be scheduled: \(last.firstSentence)")
        }
        let states = pod.containers.filter { $0["ready"]?.bool != true }.compactMap { $0["state"] }
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
            return "terminated: \(ended)"
        }
        return "starting"
    }

    /// The message of an event inside a line: `pulling image "moby/buildkit:v0.33.0"`, redacted.
    private static func lowered(_ text: String) -> String {
        Redactor.of((text.first.map { $0.lowercased() } ?? "") + text.dropFirst())
    }
}

extension String {
    /// The scheduler goes on about preemption after it: "0/1 nodes are available: 1 Insufficient memory".
    fileprivate var firstSentence: String {
        let line = prefix { $0 != "\n" }
        let end = line.firstRange(of: ". ")?.lowerBound ?? line.endIndex
        return String(line[..<end]).withoutFullStop
    }
}
