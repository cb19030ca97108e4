import ChartSupport
import FoundationEssentials
import Installer
import LabSupport

extension Laptop {
    /// Lets its `kubectl port-forward` end at a proxy of this machine: the lab has no kubelet that would pass a
    /// connection on. All else that kubectl is told goes to the real one.
    func forward(to ports: ProxyPorts) throws {
        let path = "\(programs)/kubectl"
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: path)
        try FileManager.default.removeItem(atPath: path)
        let script = """
            #!/bin/sh
            [ "$1" = port-forward ] || exec "\(target)" "$@"
            case "$3" in
            *:metrics) port=\(ports.metrics);;
            *) port=\(ports.buildkit);;
            esac
            echo "Forwarding from 127.0.0.1:$port -> $3"
            exec /bin/sleep 600
            """
        try Data(script.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Lets its `kubectl logs` print a file, for the same reason.
    func printLogs(from file: String) throws {
        let path = "\(programs)/kubectl"
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: path)
        try FileManager.default.removeItem(atPath: path)
        try Data("#!/bin/sh\n[ \"$1\" = logs ] || exec '\(target)' \"$@\"\nexec /bin/cat '\(file)'\n".utf8)
            .write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// The same for tests that share a machine.
    func forwardOnce(to ports: ProxyPorts) throws {
        // Where it is a link, it is still the lab's own kubectl.
        let isLink =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(programs)/kubectl")) != nil
        if isLink { try forward(to: ports) }
    }

    /// The world as a program on it sees it.
    var dependencies: Dependencies {
        let environment = docker.environment.compactMapValues(\.self)
        return Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: home)
    }
}
