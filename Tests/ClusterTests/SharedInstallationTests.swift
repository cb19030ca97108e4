import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// Two installations of one machine that share their certificates, or a namespace: what one of them does leaves the
/// other all that it needs.
@Suite struct SharedInstallationTests {
    /// The second one was told to use the own folder of the first one.
    @Test func anUninstallKeepsTheFolderThatAnotherInstallationUses() async throws {
        try await withTwo { first, second in
            let certs = first.path(of: "certs")
            let removed = try await first.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            let reason =
                "because the release buildkit in namespace \(second.namespace) of context test uses"
            #expect(
                removed.output.contains("Kept: the certificates (in \(certs)), \(reason) them"),
                "\(removed)")
            #expect(removed.output.contains("Kept: the CA key (in \(certs)/authority), \(reason) it"))
            #expect(try await !first.cluster.has(first.namespace))
            for name in ["client/key.pem", "daemon/key.pem", "inner/server-key.pem", "authority/key.pem"] {
                #expect(try second.text("\(certs)/\(name)") != nil, "\(name)")
            }

            let rotated = try await second.laptop.installer.run(
                "rotate", "--yes", "--namespace", second.namespace, "--verify", "no")
            #expect(rotated.succeeded, "\(rotated)")
            // The first one has no records left, so the folder is now the second one's alone.
            let last = try await second.uninstall("--everything")
            #expect(last.succeeded, "\(last)")
            #expect(try !second.files().contains { $0.path.hasSuffix("key.pem") }, "\(last)")
        }
    }

    /// The Secrets have the same names for all releases of a namespace, whatever machine installed them.
    @Test(arguments: [true, false])
    func anUninstallKeepsTheSecretsOfAnotherRelease(isOfThisMachine: Bool) async throws {
        try await Installation.begin { installation in
            let certs = "\(installation.folder)/certs"
            try await installation.installTwoReleases(with: certs)
            let secrets = ["Secret/buildkit-envoy-certs", "Secret/buildkit-secrets"]
            if !isOfThisMachine {
                let records =
                    "\(installation.laptop.home)/.config/buildkit-installer/test/\(installation.namespace)/b"
                try FileManager.default.removeItem(atPath: records)
            }

            let removed = try await installation.uninstall(
                "--everything", "--release", "a", "--builder", "a", "--certs", certs)
            #expect(removed.succeeded, "\(removed)")
            #expect(removed.output.contains("because the release b uses them, too"), "\(removed)")
            let titles = try await installation.objects().map(\.title)
            #expect(titles.filter { $0.hasPrefix("Secret/") }.sorted() == secrets)
            #expect(titles.contains("Deployment/b-buildkit-proxy"))
            #expect(!titles.contains("Deployment/a-buildkit-proxy"))
            #expect(try installation.text("\(certs)/authority/key.pem") != nil, "\(removed)")

            let last = try await installation.uninstall(
                "--everything", "--release", "b", "--builder", "b", "--certs", certs)
            #expect(last.succeeded, "\(last)")
            #expect(try await !installation.cluster.has(installation.namespace), "\(last)")
            #expect(try installation.text("\(certs)/authority/key.pem") == nil)
        }
    }

    /// It was killed before it wrote its Secret, so its certificates wait in the folder of both.
    @Test(arguments: [true, false]) func aRotationThatTheOtherOneHasBegunIsKept(isFinished: Bool) async throws
    {
        try await withTwo { first, second in
            let tools = try ToolWatch(over: first)
            // The first call registers the certificates.
            try tools.hold(.before, "apply --server-side", number: 2)
            let flags = ["--verify", "no", "--yes"]
            _ = try await first.run(["rotate", "--namespace", first.namespace] + flags, signal: SIGKILL) {
                _ in
                tools.isHolding
            }
            for tool in try first.laptop.processes() { kill(tool, SIGKILL) }
            try tools.letGo()
            let file = first.path(of: "certs/renewal/daemon/cert.pem")
            let waiting = try #require(try first.text(file))
            let secret = try await second.envoySecret()

            #expect(try await first.status().contains("was interrupted"))

            let rotate = ["rotate", "--namespace", second.namespace] + flags
            // A timer that has nothing to renew discards nothing.
            let timed = try await second.laptop.installer.run(rotate + ["--if-due", "30d"])
            #expect(timed.succeeded, "\(timed)")
            #expect(timed.output.contains("No certificate expires within 30 days."), "\(timed)")
            #expect(try await second.laptop.installer.run(rotate + ["--if-due", "366d"]).status == 69)
            let refused = try await second.laptop.installer.run(rotate)
            #expect(refused.status == 69, "\(refused)")
            let owner = "the release buildkit in namespace \(first.namespace) of context test"
            #expect(
                refused.errors.contains("an interrupted rotation, which belongs to \(owner)"), "\(refused)")
            let finish = [
                "rotate", "--context", "test", "--namespace", first.namespace, "--release", "buildkit",
                "--builder", "remote-kubernetes",
            ]
            #expect(
                refused.errors.contains(
                    "To finish it: buildkit-installer \(finish.joined(separator: " ")). To discard it: --take-over"
                ))
            #expect(try first.text(file) == waiting)
            #expect(try await second.envoySecret() == secret)

            if isFinished {
                let finished = try await first.laptop.installer.run(finish + flags)
                #expect(finished.succeeded, "\(finished)")
                #expect(try await first.envoySecret()["server.pem"] == waiting)
            }
            let rotated = try await second.laptop.installer.run(rotate + (isFinished ? [] : ["--take-over"]))
            #expect(rotated.succeeded, "\(rotated)")
            #expect(try first.text(file) == nil)
            #expect(try await second.envoySecret()["server.pem"] != secret["server.pem"])
            // The journal of the first one does not outlive its rotation.
            #expect(try await !first.status().contains("was interrupted"))
        }
    }

    /// What one of them has renewed is in the directory of both.
    @Test func theOtherOneInstallsTheNewCertificatesAndIssuesNone() async throws {
        try await withTwo { first, second in
            let flags = ["--verify", "no", "--yes"]
            let rotated = try await first.laptop.installer.run(
                ["rotate", "--namespace", first.namespace] + flags)
            #expect(rotated.succeeded, "\(rotated)")
            let command =
                "buildkit-installer rotate --context test --namespace \(second.namespace) --release buildkit "
                + "--builder bb"
            #expect(rotated.output.contains("to install the new one there: \(command)"), "\(rotated)")
            let file = first.path(of: "certs/daemon/cert.pem")
            let new = try #require(try first.text(file))
            let finding = " are newer than those in the Secret ("
            #expect(try await second.status().contains(finding))

            let installed = try await second.laptop.installer.run(
                ["rotate", "--namespace", second.namespace] + flags)
            #expect(installed.succeeded, "\(installed)")
            #expect(
                installed.output.contains("they are installed, and no others are issued."), "\(installed)")
            #expect(try first.text(file) == new)
            for installation in [first, second] {
                #expect(try await installation.envoySecret()["server.pem"] == new)
                let status = try await installation.status()
                #expect(!status.contains(finding) && !status.contains("differs from the one"), "\(status)")
            }
        }
    }

    /// BuildKit reads its certificates only when it starts, and both read the same Secret.
    @Test func theInternalCertificatesOfTwoReleasesAreRenewedTogether() async throws {
        try await Installation.begin { installation in
            try await installation.installTwoReleases(with: "\(installation.folder)/certs")
            let rotated = try await installation.laptop.installer.run(
                "rotate", "--renew", "inner", "--yes", "--namespace", installation.namespace, "--release",
                "a",
                "--verify", "no", "--timeout", "120")
            #expect(rotated.succeeded, "\(rotated)")
            #expect(
                rotated.output.contains(
                    "The release b uses the same Secrets, so its BuildKit restarts as well."), "\(rotated)")
            for release in ["a", "b"] {
                let builder = try await installation.cluster.json(
                    "get", "deployment", "\(release)-buildkit-builder", "-n", installation.namespace,
                    "--output",
                    "json")
                let template = builder["spec"]?["template"]?["metadata"]?["annotations"]
                #expect(template?["kubectl.kubernetes.io/restartedAt"] != nil, "\(release)")
            }
            let pods = try await installation.cluster.list("pods", in: installation.namespace)
            let reloaded = pods.filter {
                $0["metadata"]?["annotations"]?["buildkit-installer/certificates-changed"] != nil
            }
            #expect(reloaded.count == 2)
        }
    }

    /// `kubectl rollout restart` refuses it, after the Secret has been replaced.
    @Test func aPausedRolloutIsReportedBeforeAnythingIsChanged() async throws {
        try await Installation.begin { installation in
            try await installation.installTwoReleases(with: "\(installation.folder)/certs")
            let (kubectl, namespace) = (installation.cluster.kubectl, installation.namespace)
            let builders = ["deployment/a-buildkit-builder", "deployment/b-buildkit-builder"]
            func rollout(_ verb: String) async throws {
                for builder in builders {
                    try await kubectl.require("rollout", verb, builder, "--namespace", namespace)
                }
            }
            try await rollout("pause")
            let secret = try await installation.data(of: "buildkit-secrets")
            let rotate = [
                "rotate", "--renew", "inner", "--yes", "--namespace", namespace, "--release", "a", "--verify",
                "no", "--timeout", "120",
            ]
            let refused = try await installation.laptop.installer.run(rotate)
            #expect(refused.status == 69, "\(refused)")
            #expect(
                refused.errors.contains("the rollout of \(builders.joined(separator: " and ")) is paused"),
                "\(refused)")
            let resume = "kubectl rollout resume \(builders.joined(separator: " ")) --namespace \(namespace)"
            #expect(refused.errors.contains(resume))
            #expect(refused.errors.hasSuffix("No changes were made.\n"))
            #expect(try await installation.data(of: "buildkit-secrets") == secret)
            // What needs no restart is not refused.
            let outer = try await installation.laptop.installer.run(
                "rotate", "--yes", "--namespace", namespace, "--release", "a", "--verify", "no")
            #expect(outer.succeeded, "\(outer)")

            try await rollout("resume")
            let rotated = try await installation.laptop.installer.run(rotate)
            #expect(rotated.succeeded, "\(rotated)")
            #expect(try await installation.data(of: "buildkit-secrets") != secret)
        }
    }

    /// It was deleted between the plan and its restart.
    @Test func aBuildKitOfTheOtherReleaseThatIsGoneMeanwhileChangesNothing() async throws {
        try await Installation.begin { installation in
            try await installation.installTwoReleases(with: "\(installation.folder)/certs")
            let secret = try await installation.data(of: "buildkit-secrets")
            let real = try installation.laptop.target(of: "kubectl")
            try installation.laptop.replace(
                "kubectl",
                with: """
                    case "$*" in "rollout restart deployment/b-"*)
                    '\(real)' delete deployment b-buildkit-builder --namespace \(installation.namespace) >&2 ;;
                    esac
                    exec '\(real)' "$@"
                    """)
            let rotated = try await installation.laptop.installer.run(
                "rotate", "--renew", "inner", "--yes", "--namespace", installation.namespace, "--release",
                "a", "--verify", "no", "--timeout", "120")
            #expect(rotated.succeeded, "\(rotated)")
            #expect(try await installation.data(of: "buildkit-secrets") != secret)
        }
    }

    /// By default, each release has a folder of its own, and names of its own, which the certificate in the Secrets
    /// lacks.
    @Test(arguments: [true, false])
    func aSecondReleaseIsToldWhichFolderTheSecretsBelongTo(hasTheSameNames: Bool) async throws {
        try await Installation.begin { installation in
            let names = ["--sans", "a.test", "--servername", "a.test"]
            let first = try await installation.laptop.installer.run(
                ["install", "--yes", "--endpoint", "a.test:1"] + installation.answers + names)
            #expect(first.succeeded, "\(first)")
            let refused = try await installation.laptop.installer.run(
                ["install", "--yes", "--release", "b", "--builder", "b", "--endpoint", "a.test:2"]
                    + installation.answers + (hasTheSameNames ? names : []))
            #expect(refused.status == 69, "\(refused)")
            let owner = "the release buildkit in namespace \(installation.namespace) of context test"
            #expect(
                refused.errors.contains(
                    "another certificate directory of this machine: \(installation.path(of: "certs")), of \(owner)"
                ),
                "\(refused)")
            #expect(!refused.errors.contains("another machine"), "\(refused)")

            let printed = refused.errors.firstMatch(
                of: /To use it: buildkit-installer (install .+? --yes)\./)
            let command = try #require(printed).output.1
            let installed = try await installation.laptop.installer.run(
                command.split(separator: " ").map(String.init))
            #expect(installed.succeeded, "\(command): \(installed)")
            #expect(
                try await installation.objects().map(\.title).contains("Deployment/b-buildkit-proxy"))
        }
    }
}

extension Installation {
    fileprivate func status() async throws -> String {
        try await laptop.installer.run("status", "--namespace", namespace).output
    }

    /// Installs the releases a and b with one certificate folder.
    fileprivate func installTwoReleases(with certs: String) async throws {
        for (name, port) in [("a", 1), ("b", 2)] {
            let installed = try await install(
                "--release", name, "--builder", name, "--certs", certs, "--sans", "a.test", "--endpoint",
                "a.test:\(port)", "--servername", "a.test")
            #expect(installed.succeeded, "\(installed)")
        }
    }
}
