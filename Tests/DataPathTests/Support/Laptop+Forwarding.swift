import ChartSupport
import FoundationEssentials
import Installer
import LabSupport

extension Laptop {
    /// Lets its `kubectl port-forward` end at a proxy of this machine: the lab has no kubelet that would pass a
    /// connection on. All else that kubectl is told goes to the real one.
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

    /// Lets its `kubectl logs` print a file, for the same reason.
    func printLogs(from file: String) throws {
        let kubectl = try target(of: "kubectl")
        try replace(
            "kubectl", with: "[ \"$1\" = logs ] || exec '\(kubectl)' \"$@\"\nexec /bin/cat '\(file)'")
    }

    /// The same for tests that share a machine.
    func forwardOnce(to ports: ProxyPorts) throws {
        // Where it is a link, it is still the lab's own kubectl.
        if (try? target(of: "kubectl")) != nil { try forward(to: ports) }
    }

    /// The world as a program on it sees it.
    var dependencies: Dependencies {
        let environment = docker.environment.compactMapValues(\.self)
        return Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: home)
    }
}
