/// Builds Helm's command lines, for Helm 3.14 and later and for Helm 4. Pure: nothing is run here.
public struct Helm: Sendable {
    public var installation: InstallationID

    public init(installation: InstallationID) { self.installation = installation }

    private func command(_ arguments: [String], input: String? = nil, timeout: Int = 60) -> Command {
        var all = arguments + ["--namespace", installation.namespace]
        if !installation.context.isEmpty { all += ["--kube-context", installation.context] }
        return Command(.helm, all, input: input, timeout: timeout)
    }

    /// Makes a new revision of the release, and waits until its pods are ready.
    /// - Parameter mark: a word that marks the revision as one run's own; nil: none.
    public func change(_ change: ReleaseChange, mark: String?) -> Command {
        let verb: [String]
        switch change.base {
        case .none: verb = ["install"]
        case .uninstalled: verb = ["install", "--replace"]
        case .revision:
            verb = ["upgrade", change.keeps.flag] + (change.takesOver ? ["--force-conflicts"] : [])
        }
        let options =
            (mark.map { ["--labels", "\(KubernetesLabels.run)=\($0)"] } ?? [])
            + (change.further.map { ["--values", $0] } ?? [])
            + ["--values", "-", "--wait", "--timeout", "\(change.timeout)s"]
        return command(
            [verb[0], installation.release, change.chart] + verb.dropFirst() + options,
            // Helm ends by itself; the margin is for what it does after its own time is up.
            input: change.values.text(indented: true), timeout: change.timeout + 60)
    }

    /// Renders the chart, and asks the cluster for nothing.
    /// - Parameter server: the version of Kubernetes to render for.
    func template(chart: String, values: JSONValue, further: String?, server: String) -> Command {
        command(
            ["template", installation.release, chart, "--kube-version", server]
                // What the chart may ask for; whether it is there is another check's matter.
                + ["keda.sh/v1alpha1", "monitoring.coreos.com/v1"].flatMap { ["--api-versions", $0] }
                + (further.map { ["--values", $0] } ?? []) + ["--values", "-"],
            input: values.text(indented: true))
    }

    /// - Parameter timeout: how long its objects may take to go, in seconds.
    public func uninstall(timeout: Int = 300) -> Command {
        command(
            ["uninstall", installation.release, "--ignore-not-found", "--wait", "--timeout", "\(timeout)s"],
            timeout: timeout + 60)
    }

    /// - Parameter waits: whether to wait until the pods are ready.
    public func rollback(to revision: Int, waits: Bool) -> Command {
        command(
            ["rollback", installation.release, "\(revision)"]
                + (waits ? ["--wait", "--timeout", "300s"] : []),
            timeout: 360)
    }

    /// The last revision alone.
    public func history() -> Command {
        command(["history", installation.release, "--max", "1", "--output", "json"])
    }
    /// The objects of the last revision, each under the name of its template.
    public func manifest() -> Command { command(["get", "manifest", installation.release]) }
    public func values() -> Command { command(["get", "values", installation.release, "--output", "json"]) }
}

extension InstallationID {
    var helm: Helm { Helm(installation: self) }
}

/// A new revision of a release.
public struct ReleaseChange: Codable, Equatable, Sendable {
    /// What there is of the release: Helm refuses to install over a name that is taken, and to upgrade what is not
    /// there, so a release that somebody else has made meanwhile stays theirs.
    public enum Base: Codable, Equatable, Sendable {
        /// No release of that name.
        case none
        /// Only the history of one that was uninstalled; its last revision.
        case uninstalled(last: Int)
        /// The last revision, which becomes another one.
        case revision(Int)

        /// The number of the next revision.
        var next: Int {
            switch self {
            case .none: 1
            case .uninstalled(let last), .revision(let last): last + 1
            }
        }
    }

    /// What becomes of values that are not named.
    public enum OtherValues: String, Codable, Sendable {
        /// They go.
        case reset
        /// They stay, over those of the new chart. Helm itself takes them over, so that they pass through no plan.
        case resetThenReuse
        /// They stay, and the chart is the one that the release has.
        case reuse

        fileprivate var flag: String {
            switch self {
            case .reset: "--reset-values"
            case .resetThenReuse: "--reset-then-reuse-values"
            case .reuse: "--reuse-values"
            }
        }
    }

    public var installation: InstallationID
    /// The folder of the chart.
    public var chart: String
    /// The chart's values, as JSON, which is YAML; they go through standard input.
    public var values: JSONValue
    /// A file of values that the user brought. Helm takes the last one's word; the answers are last.
    public var further: String?
    /// How long the pods may take, in seconds.
    public var timeout: Int
    public var base: Base
    public var keeps: OtherValues
    /// Take fields over that somebody else has set. Helm 3 does so without being told.
    public var takesOver: Bool
    /// The revision to go back to where it fails; nil: none.
    public var returnsTo: Int?
    /// Whether to wait for the pods of that revision.
    public var waitsOnReturn: Bool
    /// The claim of the cache volume that the chart makes and Helm keeps.
    public var claim: String?

    public init(
        _ installation: InstallationID, chart: String, values: JSONValue, further: String? = nil,
        timeout: Int,
        base: Base, keeps: OtherValues, takesOver: Bool = false, returnsTo: Int? = nil,
        waitsOnReturn: Bool = false, claim: String? = nil
    ) {
        (self.installation, self.chart, self.values, self.further) = (installation, chart, values, further)
        (self.timeout, self.base, self.keeps, self.takesOver) = (timeout, base, keeps, takesOver)
        (self.returnsTo, self.waitsOnReturn, self.claim) = (returnsTo, waitsOnReturn, claim)
    }
}
