/// Builds command lines of Helm, for Helm 3.14 and later and for Helm 4. Pure: nothing is run here.
public struct Helm: Sendable {
    public var installation: InstallationID

    public init(installation: InstallationID) { self.installation = installation }

    private func command(_ arguments: [String], input: String? = nil, timeout: Int = 60) -> Command {
        var all = arguments + ["--namespace", installation.namespace]
        if !installation.context.isEmpty { all += ["--kube-context", installation.context] }
        return Command(.helm, all, input: input, timeout: timeout)
    }

    /// Creates a revision of the release, and waits until its pods are ready.
    /// - Parameter mark: marks the revision as created by one run; nil: none.
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
            + (change.further.map { ["--values", $0.csvQuoted] } ?? [])
            + ["--values", "-", "--wait", "--timeout", "\(change.timeout)s"]
        return command(
            [verb[0], installation.release, change.chart] + verb.dropFirst() + options,
            // Helm has a timeout of its own; the margin is for its work after that.
            input: change.values.text(indented: true), timeout: change.timeout + 60)
    }

    /// Renders the chart without a request to the cluster.
    /// - Parameter server: the version of Kubernetes to render for.
    func template(chart: String, values: JSONValue, further: String?, server: String) -> Command {
        command(
            ["template", installation.release, chart, "--kube-version", server]
                // The API versions that the chart may use; another check verifies that they exist.
                + ["keda.sh/v1alpha1", "monitoring.coreos.com/v1"].flatMap { ["--api-versions", $0] }
                + (further.map { ["--values", $0.csvQuoted] } ?? []) + ["--values", "-"],
            input: values.text(indented: true))
    }

    /// - Parameter timeout: the timeout for the deletion of its objects, in seconds.
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

    /// Only the last revision.
    public func history() -> Command {
        command(["history", installation.release, "--max", "1", "--output", "json"])
    }
    /// The objects of the last revision, each after the name of its template.
    public func manifest() -> Command { command(["get", "manifest", installation.release]) }
    public func values() -> Command { command(["get", "values", installation.release, "--output", "json"]) }
}

extension InstallationID {
    var helm: Helm { Helm(installation: self) }
}

/// A new revision of a release.
public struct ReleaseChange: Codable, Equatable, Sendable {
    /// The state of the release. Helm refuses to install over an existing name, and to upgrade a missing release, so
    /// a release that another process created meanwhile is not changed.
    public enum Base: Codable, Equatable, Sendable {
        /// No release of that name.
        case none
        /// Only the history of an uninstalled release, with its last revision.
        case uninstalled(last: Int)
        /// The last revision, which the change replaces.
        case revision(Int)

        var next: Int {
            switch self {
            case .none: 1
            case .uninstalled(let last), .revision(let last): last + 1
            }
        }
    }

    /// The treatment of values that the change does not set.
    public enum OtherValues: String, Codable, Sendable {
        /// They are dropped.
        case reset
        /// They are kept, over those of the new chart. Helm itself copies them, so that they are not part of any
        /// plan.
        case resetThenReuse
        /// They are kept, and the release keeps its chart.
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
    /// The chart's values, as JSON, which is valid YAML; passed through standard input.
    public var values: JSONValue
    /// A values file of the user. In Helm the last value wins; the answers are last.
    public var further: String?
    /// The timeout for the pods, in seconds.
    public var timeout: Int
    public var base: Base
    public var keeps: OtherValues
    /// Take over fields that another process has set. Helm 3 always does so.
    public var takesOver: Bool
    /// The revision to roll back to where it fails; nil: none.
    public var returnsTo: Int?
    /// Whether to wait for the pods of that revision.
    public var waitsOnReturn: Bool
    /// The claim of the cache volume that the chart creates and Helm keeps.
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
