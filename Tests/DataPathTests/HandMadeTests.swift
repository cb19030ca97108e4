import LabSupport
import Testing

/// Installations and certificates that were created without the installer.
@Suite struct HandMadeTests {
    @Test func secretsMadeByHandServeAPlainHelmInstallWhichTheInstallerThenAdopts() async throws {
        try await withTemporaryFolder { folder in
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let certificates = try await HandMade(in: folder)
                let port = try freePort()
                try await certificates.store(in: namespace)
                try await laptop.installer.require("chart", "\(folder)/chart")
                try await LocalPods(namespace: namespace).whileRunning {
                    try await namespace.helm.require(
                        "install", "buildkit", "\(folder)/chart", "-n", namespace.name, "--wait", "-f", "-",
                        input:
                            #"{"proxy": {"service": {"port": \#(port)}}, "builder": {"cache": {"enabled": false}}}"#
                    )
                    try await laptop.docker.require(
                        "buildx", "create", "--name", "by-hand", "--driver", "remote", "--driver-opt",
                        certificates.driverOptions, "tcp://127.0.0.1:\(port)")
                    let sample = try SampleBuild(in: folder)
                    try await eventually("the builder runs") {
                        try await laptop.docker.require("buildx", "inspect", "by-hand").contains("running")
                    }
                    #expect(try await sample.run(with: laptop.docker, builder: "by-hand") == "0\n")

                    let adopted = try await laptop.installer.run(
                        "install", "--namespace", namespace.name, "--certificates", "secrets", "--port",
                        "\(port)",
                        "--endpoint", "127.0.0.1:\(port)", "--servername", Installation.name, "--cache",
                        "none",
                        "--timeout", "300", "--yes")
                    #expect(adopted.succeeded, "\(adopted)")
                    #expect(try await sample.run(with: laptop.docker, builder: "remote-kubernetes") == "0\n")
                }
            }
        }
    }

    @Test func aFolderMadeByHandIsInstalledAsItIs() async throws {
        try await withTemporaryFolder { folder in
            try await HandMade(in: folder).layOut(in: "\(folder)/certs")
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let port = try freePort()
                try await LocalPods(namespace: namespace).whileRunning {
                    let outcome = try await laptop.installer.run(
                        Installation.command(in: namespace, port: port) + [
                            "--certificates", "folder", "--certs", "\(folder)/certs", "--servername",
                            Installation.name,
                        ])
                    #expect(outcome.succeeded, "\(outcome)")
                    let sample = try SampleBuild(in: folder)
                    #expect(try await sample.run(with: laptop.docker) == "0\n")
                }
            }
        }
    }
}
