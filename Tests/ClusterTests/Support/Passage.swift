import FoundationEssentials
import Glibc
import LabSupport

/// A user's connection to the API server that can be closed: open connections break, and new ones are refused.
struct Passage: Sendable {
    /// The user's kubeconfig; its connection goes through here.
    let kubeconfig: String
    private let port: Int
    private let target: Int

    /// - Parameter folder: the folder for the kubeconfig.
    init(to cluster: Cluster, in folder: String) async throws {
        func config(_ path: String) async throws -> String {
            try await cluster.kubectl.require("config", "view", "--output", "jsonpath={\(path)}")
        }
        let server = try await config(".clusters[0].cluster.server")
        guard let target = server.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw LabFailure("The API server is at \(server), which names no port.")
        }
        kubeconfig = "\(folder)/kubeconfig-through-a-passage"
        port = try freePort()
        self.target = target
        try FileManager.default.copyItem(atPath: cluster.kubeconfig, toPath: kubeconfig)
        try await Program(.kubectl, environment: ["KUBECONFIG": kubeconfig]).require(
            "config", "set-cluster", config(".clusters[0].name"), "--server", "https://127.0.0.1:\(port)")
    }

    /// Passes everything while `body` runs, or until it calls its argument.
    func whileOpen<Result: Sendable>(_ body: (@Sendable () -> Void) async throws -> Result) async throws
        -> Result
    {
        try await Program("python3").whileRunning(
            ["-u", "-c", Self.relay, "\(port)", "\(target)"], ready: "open"
        ) {
            relay in
            let process = relay.processIdentifier
            return try await body { kill(process, SIGKILL) }
        }
    }

    private static let relay = """
        import socket, sys, threading
        own, target = map(int, sys.argv[1:])
        listener = socket.create_server(("127.0.0.1", own), reuse_port=True, backlog=128)
        print("open")
        def copy(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
            except OSError:
                pass
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", target))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=copy, args=pair, daemon=True).start()
        """
}
