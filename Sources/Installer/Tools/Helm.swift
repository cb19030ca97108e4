/// Builds Helm's command lines, for Helm 3.14 and later and for Helm 4. Pure: nothing is run here.
public struct Helm: Sendable {
    public var installation: InstallationID

    public init(installation: InstallationID) { self.installation = installation }

    private func command(_ arguments: [String], input: String? = nil, timeout: Int = 60) -> Command {
        var all = arguments + ["--namespace", installation.namespace]
        if !installation.context.isEmpty { all += ["--kube-context", installation.context] }
        return Command(.helm, all, input: input, timeout: timeout)
    }

    /// Installs the chart, or upgrades it, and waits until its pods are ready.
    ///
    /// - Parameters:
    ///   - values: the chart's values as JSON, which is YAML; they go through standard input.
    ///   - further: a file of values that the user brought. Helm takes the last one's word; the answers are last.
    ///   - timeout: how long the pods may take, in seconds.
    ///   - keepsValues: whether values that the release has and nobody names here stay. Helm itself takes them over,
    ///     so that they pass through no plan and no journal.
    ///   - takesOver: take fields over that somebody else has set. Helm 3 does so without being told.
    public func upgradeInstall(
        chart: String, values: JSONValue, further: String?, timeout: Int, keepsValues: Bool,
        takesOver: Bool
    ) -> Command {
        command(
            ["upgrade", installation.release, chart, "--install"]
                + [keepsValues ? "--reset-then-reuse-values" : "--reset-values"]
                + (takesOver ? ["--force-conflicts"] : [])
                + (further.map { ["--values", $0] } ?? []) + [
                    "--values", "-", "--wait", "--timeout", "\(timeout)s",
                ],
            // Helm ends by itself; the margin is for what it does after its own time is up.
            input: values.text(indented: true), timeout: timeout + 60)
    }

    /// Changes some values of a release and keeps all others; the chart must be the one that it has.
    /// - Parameter timeout: how long the pods may take, in seconds.
    public func upgrade(chart: String, values: JSONValue, timeout: Int) -> Command {
        command(
            [
                "upgrade", installation.release, chart, "--reuse-values", "--values", "-", "--wait",
                "--timeout",
                "\(timeout)s",
            ],
            input: values.text(indented: true), timeout: timeout + 60)
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
    public func values() -> Command { command(["get", "values", installation.release, "--output", "json"]) }
}
