import FoundationEssentials
import LabSupport
import Testing

/// Things of others beside an installation, and certificate folders that are named in an unusual way.
@Suite struct BystanderTests {
    /// Another release, a Secret, a workload, a builder of the same name elsewhere, and files among the certificates.
    @Test func anUninstallOfEverythingKeepsWhatNoInstallHasMade() async throws {
        try await Installation.begin { installation in
            let installed = try await installation.install()
            #expect(installed.succeeded, "\(installed)")
            try await installation.makeBystanders()
            let docker = installation.laptop.docker
            try await docker.require("buildx", "rm", "remote-kubernetes")
            try await docker.require(
                "buildx", "create", "--name", "remote-kubernetes", "--driver", "remote",
                "tcp://elsewhere.example:1234")
            let builder = try installation.builder()
            for name in ["certs/mine.txt", "certs/daemon/extra.pem"] {
                try Data("mine".utf8).write(to: URL(filePath: installation.path(of: name)))
            }

            let removed = try await installation.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            #expect(removed.output.contains("Kept: the namespace"), "\(removed)")
            #expect(
                removed.output.contains(
                    "Kept: the builder (remote-kubernetes at tcp://elsewhere.example:1234)"))
            #expect(
                try await installation.objects().map(\.title) == [
                    "ConfigMap/precious", "Deployment/web", "Secret/db",
                ])
            #expect(try await installation.revisions() == ["deployed"])
            #expect(try installation.builder() == builder)
            let files = try installation.files().filter {
                !$0.isFolder && $0.path.contains(".config/buildkit-installer")
            }
            let names = files.map { URL(filePath: $0.path).lastPathComponent }
            #expect(names == ["extra.pem", "mine.txt"], "\(files)")
        }
    }

    @Test func aRelativeFolderIsRegisteredByItsWholePath() async throws {
        try await Installation.begin { installation in
            let installer = installation.laptop.installer
            let shell = Program("/bin/sh", environment: installer.environment)
            let outcome = try await shell.run(
                [
                    "-c", #"cd "$1" && shift && exec "$@""#, "sh", installation.folder, installer.path,
                    "install", "--yes",
                ]
                    + installation.answers + ["--certs", "./certs"])
            #expect(outcome.succeeded, "\(outcome)")
            #expect(
                try #require(try installation.builder()).contains(
                    "\(installation.folder)/certs/client/key.pem"))
        }
    }

    @Test func aLinkToAFolderServesEveryCommandAndStays() async throws {
        try await Installation.begin { installation in
            let (link, target) = ("\(installation.folder)/link", "\(installation.folder)/target")
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            let installed = try await installation.install("--certs", link)
            #expect(installed.succeeded, "\(installed)")
            let certificate = try installation.text("\(target)/daemon/cert.pem")
            #expect(certificate != nil)
            let rotated = try await installation.laptop.installer.run(
                "rotate", "--yes", "--namespace", installation.namespace, "--certs", link, "--verify", "no")
            #expect(rotated.succeeded, "\(rotated)")
            #expect(try installation.text("\(target)/daemon/cert.pem") != certificate)
            let removed = try await installation.uninstall("--certs", link, "--everything")
            #expect(removed.succeeded, "\(removed)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
            #expect(try FileManager.default.subpathsOfDirectory(atPath: target) == [])
        }
    }
}

extension Installation {
    /// Creates what other tools and people have in a namespace.
    fileprivate func makeBystanders() async throws {
        let chart = try makeChart("app")
        try await Program(.helm, environment: ["KUBECONFIG": cluster.kubeconfig]).require(
            "install", "app", chart, "--namespace", namespace)
        let kubectl = cluster.kubectl
        try await kubectl.require(
            "create", "secret", "generic", "db", "--from-literal=a=b", "--namespace", namespace)
        try await kubectl.require(
            "create", "deployment", "web", "--image=example.com/web:1", "--namespace", namespace)
    }
}
