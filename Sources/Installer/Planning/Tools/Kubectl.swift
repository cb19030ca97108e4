/// Builds kubectl's command lines. Pure: nothing is run here.
public struct Kubectl: Sendable {
    public var context: String
    public var namespace: String?

    public init(context: String, namespace: String? = nil) {
        self.context = context
        self.namespace = namespace
    }

    /// Who the cluster is told changed a field.
    public static let fieldManager = "buildkit-installer"

    public func callAsFunction(_ arguments: String..., input: String? = nil, timeout: Int = 60) -> Command {
        command(arguments, input: input, timeout: timeout)
    }

    func command(_ arguments: [String], input: String? = nil, timeout: Int = 60) -> Command {
        var all = arguments
        // Global flags go last: a person reads the verb first.
        if let namespace { all += ["--namespace", namespace] }
        if !context.isEmpty { all += ["--context", context] }
        return Command(.kubectl, all, input: input, timeout: timeout)
    }

    /// Applies what comes on standard input, as the only owner of the fields in it.
    /// - Parameter force: take fields over from whoever owned them.
    public func apply(_ manifest: String, force: Bool = false) -> Command {
        command(
            ["apply", "--server-side", "--field-manager", Self.fieldManager]
                + (force ? ["--force-conflicts"] : [])
                + ["--filename", "-"], input: manifest)
    }

    public func delete(_ kind: String, _ name: String, wait: Bool = true) -> Command {
        command(["delete", kind, name, "--ignore-not-found", "--wait=\(wait)"], timeout: 300)
    }

    /// Annotates the proxies' pods: a pod that changes is looked at by its kubelet at once, with the Secrets that it
    /// has mounted; else a changed Secret takes a minute or two to reach it.
    public func annotateProxies(of site: Site, with value: String) -> Command {
        command([
            "annotate", "pods", "--selector", Labels.pods(of: site, "proxy"),
            "\(Labels.nudged)=\(value)", "--overwrite",
        ])
    }

    /// Deletes objects and waits until they are gone.
    public func delete(_ removal: Removal) -> Command {
        command(
            ["delete"] + removal.objects + ["--ignore-not-found", "--wait", "--timeout=\(removal.timeout)s"],
            timeout: removal.timeout + 60)
    }

    public func scale(_ object: String, to replicas: Int) -> Command {
        command(["scale", object, "--replicas=\(replicas)"])
    }

    /// Forwards a port of a Service to the same port here, until it is ended.
    public func portForward(_ service: ServiceName) -> Command {
        command(
            ["port-forward", "service/\(service.name)", "\(service.port):\(service.port)"], timeout: 24 * 3600
        )
    }
}

extension SecretName {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension Removal {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension ServiceName {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension Site {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
    var helm: Helm { Helm(site: self) }
}
