import FoundationEssentials
import LabSupport
import Testing

/// The complete output of `status` for real objects. No process listens behind them: that is the failure in all of
/// these tests.
@Suite struct StatusTests {
    @Test func whereNothingIsInstalledThatIsSaid() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.status()
            #expect(outcome.status == 1)
            #expect(
                try await installation.plain(outcome) == """
                    BuildKit is unhealthy (release buildkit in namespace NAMESPACE of context test).
                      Builder  not registered on this machine

                      Error  BuildKit not found: release buildkit in namespace NAMESPACE of context test.
                             Install it: buildkit-installer install --context test --namespace NAMESPACE

                    """)
        }
    }

    @Test func whatIsInstalledIsShown() async throws {
        try await Installation.begin { installation in
            let port = try freePort()
            try await installation.prepare(port: port)
            let outcome = try await installation.status()
            #expect(outcome.status == 1)
            #expect(
                try await installation.plain(outcome) == """
                    BuildKit is unhealthy (release buildkit in namespace NAMESPACE of context test).
                    \(Self.release)
                      Pod          buildkit-builder-POD is ready on test
                      Pod          buildkit-proxy-POD is ready on test
                    \(Self.rest(port))
                      Cache        ephemeral (lost when the pod restarts)
                      Sleep        running (autosleep off)
                    \(Self.builds)
                      Unknown      cache: Cache usage cannot be read from the node test
                                     Error from server: error trying to reach service: dial tcp KUBELET: connect: connection refused

                    \(Self.nothingListens(port))

                    """)
            let json = try #require(try await installation.status("--output", "json").reports().first)
            #expect(json["health"] == "unhealthy")
            #expect(json["certificates"]?.array.count == 6)
            #expect(json["release"]?["revision"] == 1)
        }
    }

    @Test func aBuilderThatSleepsAndAProxyThatGetsNoImage() async throws {
        try await Installation.begin { installation in
            let port = try freePort()
            try await installation.prepare(port: port)
            let kubectl = installation.cluster.kubectl
            let flags = ["--namespace", installation.namespace]
            try await kubectl.require(["scale", "deployment/buildkit-builder", "--replicas", "0"] + flags)
            try await kubectl.require(
                ["set", "image", "deployment/buildkit-proxy", "*=example.com/unready:1"] + flags)
            try await eventually("the new proxy waits") {
                try await installation.status().output.contains("ImagePullBackOff")
            }
            try await kubectl.require(
                ["wait", "--for=delete", "pod", "--selector", "app.kubernetes.io/component=builder"]
                    + ["--timeout=300s"] + flags)
            let text = try await installation.plain(try await installation.status())
            #expect(
                text.contains(
                    "\n  Sleep        scaled to zero (run: buildkit-installer wake --context test --namespace NAMESPACE)\n"
                ))
            #expect(
                text.contains(
                    """

                      Error  The image of the proxy pods cannot be pulled. Pod buildkit-proxy-POD: ImagePullBackOff: \
                    Back-off pulling image "example.com/unready:1".
                    """), "\(text)")
            #expect(!text.contains("buildkit-builder-POD"))
        }
    }

    @Test func whoMayNotSeeSecretsSeesTheRest() async throws {
        try await Installation.begin { installation in
            let port = try freePort()
            try await installation.prepare(port: port)
            let kubeconfig = try await installation.cluster.user(who: ["view"], folder: installation.folder)
            let outcome = try await installation.status(kubeconfig: kubeconfig)
            #expect(outcome.status == 1)
            let text = try await installation.plain(outcome)
            // Helm stores its releases in Secrets, too.
            #expect(
                text.contains("\n  Unknown      release: Helm cannot read the release buildkit\n"),
                "\(text)")
            #expect(
                text.contains("\n  Unknown      Secrets: The Secrets in namespace NAMESPACE cannot be read\n")
            )
            #expect(
                text.contains(
                    "\n  Unknown      builds: The port-forward to the proxy buildkit-proxy-POD terminated\n"))
            #expect(text.contains("\n  Pod          buildkit-builder-POD is ready on test\n"))
            #expect(text.contains("\n  Certificate  server: expires in 364 days (this machine)\n"))
        }
    }

    @Test func whereTheServerIsStoppedTheRestIsShown() async throws {
        try await Installation.begin { installation in
            let port = try freePort()
            try await installation.prepare(port: port)
            let kubeconfig = "\(installation.folder)/stopped"
            try FileManager.default.copyItem(atPath: installation.cluster.kubeconfig, toPath: kubeconfig)
            let dead = try freePort()
            let config = try Program(.kubectl, environment: ["KUBECONFIG": kubeconfig])
            let cluster = try await config.require("config", "view", "-o", "jsonpath={.clusters[0].name}")
            try await config.require(
                "config", "set-cluster", cluster, "--server", "https://127.0.0.1:\(dead)")
            let outcome = try await installation.status(kubeconfig: kubeconfig)
            #expect(outcome.status == 1)
            #expect(
                try await installation.plain(outcome).replacing(":\(dead)", with: ":DEAD") == """
                    BuildKit is unhealthy (release buildkit in namespace NAMESPACE of context test).
                      Endpoint     Connection refused at 127.0.0.1:\(port): nothing listens on that port
                      Certificate  CA: expires in 3649 days (this machine)
                      Certificate  server: expires in 364 days (this machine)
                      Certificate  client admin: expires in 364 days (this machine)
                      Builder      remote-kubernetes, the current builder, at tcp://127.0.0.1:\(port)
                                   certificate files in HOME/.config/buildkit-installer/test/NAMESPACE/buildkit/certs/client
                      Unknown      cluster: The cluster does not respond
                                     The connection to the server 127.0.0.1:DEAD was refused - did you specify the right host or port?
                                     Check the network, a VPN and the context, then try it: kubectl --context test version --request-timeout=5s

                    """)
        }
    }

    // MARK: Lines

    private static let release =
        "  Release      buildkit-0.1.0 with BuildKit v0.32.2, revision 1, deployed"
    private static let builds = """
          Unknown      builds: The port-forward to the proxy buildkit-proxy-POD terminated
                         error: error upgrading connection: unable to upgrade connection: error dialing backend: dial tcp KUBELET: connect: connection refused
                         Try it manually: kubectl --context test port-forward pod/buildkit-proxy-POD :metrics --namespace NAMESPACE
        """

    private static func rest(_ port: Int) -> String {
        """
          Service      LoadBalancer at 127.0.0.1, port \(port), node port NODEPORT
          Endpoint     Connection refused at 127.0.0.1:\(port): nothing listens on that port
          Certificate  CA: expires in 3649 days (this machine, Secret)
          Certificate  server: expires in 364 days (this machine, Secret)
          Certificate  client admin: expires in 364 days (this machine)
          Certificate  internal CA: expires in 3649 days (Secret)
          Certificate  BuildKit: expires in 3649 days (Secret)
          Certificate  Envoy to BuildKit: expires in 3649 days (Secret)
          Builder      remote-kubernetes, the current builder, at tcp://127.0.0.1:\(port)
                       certificate files in HOME/.config/buildkit-installer/test/NAMESPACE/buildkit/certs/client
        """
    }

    private static func nothingListens(_ port: Int) -> String {
        """
          Error  Connection refused at tcp://127.0.0.1:\(port).
                 Check the Service and its address: kubectl get services --namespace NAMESPACE --context test
        """
    }
}

extension Installation {
    /// Installs with an address of this machine at which no process listens.
    fileprivate func prepare(port: Int) async throws {
        let outcome = try await install(
            "--exposure", "load-balancer", "--port", "\(port)", "--sans", "builder.test")
        #expect(outcome.succeeded, "\(outcome)")
    }

    fileprivate func status(_ more: String..., kubeconfig: String? = nil) async throws -> Outcome {
        var installer = laptop.installer
        if let kubeconfig { installer.environment["KUBECONFIG"] = kubeconfig }
        return try await installer.run(["status", "--namespace", namespace] + more)
    }

    /// The output, with placeholders for values that always differ.
    fileprivate func plain(_ outcome: Outcome) async throws -> String {
        #expect(outcome.errors.isEmpty)
        return outcome.output.replacing(laptop.home, with: "HOME").replacing(namespace, with: "NAMESPACE")
            .replacing(/-[0-9a-f]{8,10}-[a-z0-9]{5}\b/, with: "-POD")
            .replacing(/node port 3\d{4}/, with: "node port NODEPORT")
            .replacing("127.0.0.1:10250", with: "KUBELET")
    }
}
