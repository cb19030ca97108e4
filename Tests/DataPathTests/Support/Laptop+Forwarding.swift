import ChartSupport
import FoundationEssentials
import Installer
import LabSupport

extension Laptop {
    /// Replaces its `kubectl port-forward` with a forward to a proxy on this machine: the lab has no kubelet to pass
    /// a connection on. All other commands are run by the real kubectl.
    func forward(to ports: ProxyPorts) throws {
        let kubectl = try target(of: "kubectl")
        try replace(
            "kubectl",
            with: """
                [ "$1" = port-forward ] || exec "\(kubectl)" "$@"
                case "$3" in
                *:metrics) port=\(ports.metrics);;
                *) port=\(ports.buildkit);;
                esac
                echo "Forwarding from 127.0.0.1:$port -> $3"
                exec /bin/sleep 600
                """)
    }

    /// Replaces the logs of its pods with a file, for the same reason.
    func printLogs(from file: String) throws {
        let kubectl = try target(of: "kubectl")
        try replace(
            "kubectl",
            with: """
                case "$*" in
                "get --raw "*"/log?"*) exec /bin/cat '\(file)' ;;
                *) exec '\(kubectl)' "$@" ;;
                esac
                """)
    }

    /// The same for tests that share a machine.
    func forwardOnce(to ports: ProxyPorts) throws {
        // A link is still the lab's own kubectl.
        if (try? target(of: "kubectl")) != nil { try forward(to: ports) }
    }

    /// The dependencies of a program on it.
    var dependencies: Dependencies {
        let environment = docker.environment.compactMapValues(\.self)
        return Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: home)
    }
}
