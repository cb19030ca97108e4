/// Asks every proxy of a release how much goes through it now.
///
/// Through a port-forward, which passes by NetworkPolicies and needs no way from the API server to the pods.
struct ProxyFigures: Sendable {
    let site: Site

    func activity(in world: World) async throws -> Activity {
        try await activity(of: Query.proxyPods(site).value(from: world.runner), in: world)
    }

    /// - Parameter pods: those of the proxies that run.
    func activity(of pods: [String], in world: World) async throws -> Activity {
        guard !pods.isEmpty else {
            throw Failure(
                "No proxy runs that could say how many builds there are",
                hint: "See how the pods fare: \(site.kubectl("get", "pods"))")
        }
        return try await withThrowingTaskGroup(of: Activity.self) { group in
            for pod in pods { group.addTask { try await activity(of: pod, by: world.runner) } }
            return try await group.reduce(Activity(running: 0, held: 0), +)
        }
    }

    private func activity(of pod: String, by runner: any CommandRunner) async throws -> Activity {
        let command = site.kubectl.forward("pod/\(pod)", to: "metrics")
        do {
            return try await PortForward(command: command).use(by: runner) { port in
                let result = try await runner.run(.metrics(at: port))
                return try Activity(metrics: result.text(else: "The proxy \(pod) does not give its figures"))
            }
        } catch let end as PortForward.Ended {
            throw Failure(end, of: command, to: "the proxy \(pod)")
        }
    }
}

extension Activity {
    /// What goes through a release's proxies now; it takes a second or two.
    /// - Throws: ``Failure`` where a proxy cannot be asked.
    public static func look(in world: World, at site: Site) async throws -> Activity {
        try await ProxyFigures(site: site).activity(in: world)
    }
}

extension Query<[String]> {
    /// The names of the proxies' pods that run, those that drain among them: their builds count too.
    fileprivate static func proxyPods(_ site: Site) -> Query {
        Query(
            site.kubectl.look(
                "get", "pods", "--selector", Labels.pods(of: site, "proxy"), "--field-selector",
                "status.phase=Running", "--output", "name")
        ) { result throws(Failure) in
            try result.text(else: "The proxies cannot be listed").split(separator: "\n").map {
                String($0.drop { $0 != "/" }.dropFirst())
            }
        }
    }
}

extension Kubectl {
    /// Forwards a free port of this machine, until it is ended.
    func forward(_ object: String, to port: String) -> Command {
        command(["port-forward", object, ":\(port)"], timeout: 60)
    }
}

extension Command {
    /// kubectl fetches plain HTTP too. Without a kubeconfig it has no credentials that it could show there.
    fileprivate static func metrics(at port: Int) -> Command {
        Command(
            .kubectl,
            [
                "get", "--raw", "/metrics", "--kubeconfig", "/dev/null", "--server",
                "http://127.0.0.1:\(port)", "--request-timeout=5s",
            ], timeout: 15)
    }
}
