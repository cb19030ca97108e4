import ChartSupport
import FoundationEssentials
import Installer
import LabSupport
import Testing

/// Counting builds by Envoy's own metrics.
@Suite(.serialized) struct ActivityTests {
    @Test func buildsThatRunAndBuildsThatWaitAreCounted() async throws {
        try await Installation.whileRunning { installation in
            let id = InstallationID(
                context: "", namespace: installation.namespace.name, release: "buildkit")
            let laptop = installation.laptop
            try laptop.forward(to: installation.pods.ports)
            try await eventually("the build of the installation is over") {
                try await BuildActivity.look(in: laptop.dependencies, at: id)
                    == BuildActivity(running: 0, held: 0)
            }

            let build = try SampleBuild(in: installation.folder)
            try await build.whileRunning(with: laptop.docker) {
                try await eventually("a build is seen to run") {
                    try await BuildActivity.look(in: laptop.dependencies, at: id)
                        == BuildActivity(running: 1, held: 0)
                }
                try await build.whileRunning(with: laptop.docker) {
                    try await eventually("two builds are seen to run") {
                        try await BuildActivity.look(in: laptop.dependencies, at: id)
                            == BuildActivity(running: 2, held: 0)
                    }
                }
            }
            try await eventually("no build is seen to run any more") {
                try await BuildActivity.look(in: laptop.dependencies, at: id).isNone
            }
        }
    }

    @Test func requestsThatNoBuildKitAnswersAreHeld() async throws {
        try await Installation.whileRunning { installation in
            let id = InstallationID(
                context: "", namespace: installation.namespace.name, release: "buildkit")
            let laptop = installation.laptop
            let ports = try ProxyPorts.free()
            try laptop.forward(to: ports)
            let proxy = try await installation.pods.proxy(
                ports: ports, builder: freePort(), in: "\(installation.folder)/lonely")
            try await laptop.docker.require(
                "buildx", "create", "--name", "lonely", "--driver", "remote", "--driver-opt",
                ["ca", "cert", "key"].map { file in
                    "\(file == "ca" ? "cacert" : file)=\(installation.certificates.path)/client/\(file).pem"
                }.joined(separator: ",") + ",servername=\(Installation.name)", "--platform", "linux/amd64",
                "tcp://127.0.0.1:\(ports.buildkit)")
            try await Envoy.whileRunning(configuration: proxy.configuration) { _ in
                let build = try SampleBuild(in: installation.folder)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // buildx prints nothing while its first request is held.
                    group.addTask { _ = try await build.run(with: laptop.docker, builder: "lonely") }
                    defer { group.cancelAll() }
                    try await eventually("a request is held") {
                        try await BuildActivity.look(in: laptop.dependencies, at: id)
                            == BuildActivity(running: 0, held: 1)
                    }
                }
            }
        }
    }

    @Test func whereNoProxyRunsNothingIsBuilt() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await withTemporaryFolder { folder in
                let laptop = try Laptop(in: folder, kubeconfig: namespace.kubeconfig)
                let activity = try await BuildActivity.look(
                    in: laptop.dependencies,
                    at: InstallationID(context: "", namespace: namespace.name, release: "buildkit"))
                #expect(activity.isNone)
            }
        }
    }
}
