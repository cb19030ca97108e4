import FoundationEssentials
import LabSupport
import Testing

/// The cluster's part of a rotation: Secrets, pods, rights, and concurrent writers.
@Suite struct RotationTests {
    @Test func theSecretHoldsTheNewFilesAndThePodsAreNudged() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let before = try await installation.envoySecret()
            let outcome = try await installation.rotate()
            #expect(outcome.succeeded, "\(outcome)")
            let after = try await installation.envoySecret()
            for (key, file) in [("server.pem", "daemon/cert.pem"), ("server-key.pem", "daemon/key.pem")] {
                #expect(after[key] != before[key])
                #expect(after[key] == (try installation.text(installation.path(of: "certs/\(file)"))))
            }
            #expect(after["ca.pem"] == before["ca.pem"])
            #expect(after["crl.pem"] == before["crl.pem"])
            let pods = try await installation.cluster.list("pods", in: installation.namespace)
            let certificatesChangedAnnotation = pods.filter {
                $0["metadata"]?["annotations"]?["buildkit-installer/certificates-changed"] != nil
            }
            #expect(certificatesChangedAnnotation.count == 1)
            // An install finds nothing to change.
            #expect(try await installation.install().output.contains("Nothing to change"))
        }
    }

    @Test func whatSomebodyElseHasChangedMeanwhileIsLeft() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let files = try installation.files().filter { $0.path.contains("/certs/") }
            try installation.disturb(
                #"patch secret buildkit-envoy-certs -n \#(installation.namespace) -p '{"stringData":{"other":"writer"}}'"#
            )
            let before = try await installation.envoySecret()
            let outcome = try await installation.rotate()
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains(
                    "The Secret buildkit-envoy-certs was changed by another process"),
                "\(outcome)")
            #expect(outcome.errors.contains("Changes rolled back."))
            let after = try await installation.envoySecret()
            #expect(after["server.pem"] == before["server.pem"])
            #expect(after["other"] == "writer")
            #expect(try installation.files().filter { $0.path.contains("/certs/") } == files)
        }
    }

    @Test func whoMayNotChangeSecretsIsToldBeforeAnythingIsDone() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let files = try installation.files()
            let kubeconfig = try await Cluster.shared.user(
                who: ["view"], in: installation.namespace, folder: installation.folder)
            let outcome = try await installation.rotate(kubeconfig: kubeconfig)
            #expect(outcome.status == 69, "\(outcome)")
            #expect(outcome.errors.contains(/Missing permission: .*get and patch secrets/), "\(outcome)")
            #expect(try installation.files() == files)
        }
    }

    /// Without the CA key there are two alternatives, and both work.
    @Test(arguments: [true, false])
    func anotherMachineBringsTheKeyOrMakesANewAuthority(bringsKey: Bool) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let other = try Laptop(
                in: "\(installation.folder)/other", kubeconfig: installation.cluster.kubeconfig)
            let rotate = ["rotate", "--yes", "--verify", "no", "--namespace", installation.namespace]
            let refused = try await other.installer.run(rotate)
            #expect(refused.status == 69)
            #expect(refused.errors.contains("No CA key on this machine"), "\(refused)")
            #expect(refused.errors.contains("Copy the authority/ directory"))
            #expect(refused.errors.contains(/rotate .*--renew authority/), "\(refused)")
            #expect(refused.errors.contains("--take-over"), "\(refused)")

            let before = try await installation.envoySecret()
            let certs =
                "\(other.home)/.config/buildkit-installer/test/\(installation.namespace)/buildkit/certs"
            if bringsKey {
                try FileManager.default.createDirectory(atPath: certs, withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    atPath: installation.path(of: "certs/authority"), toPath: "\(certs)/authority")
            }
            let outcome = try await other.installer.run(
                rotate + (bringsKey ? [] : ["--renew", "authority", "--take-over"]))
            #expect(outcome.succeeded, "\(outcome)")
            let after = try await installation.envoySecret()
            #expect((after["server.pem"] == before["server.pem"]) == !bringsKey)
            #expect((after["ca.pem"] == before["ca.pem"]) == bringsKey)
            // Clients with certificates of the former CA are still accepted.
            #expect(after["ca.pem"]?.contains(before["ca.pem"] ?? "none") == true)
            #expect(after["crl.pem"]?.contains(before["crl.pem"] ?? "none") == true)
            #expect(after["server.pem"] == (try installation.text("\(certs)/daemon/cert.pem")))

            guard !bringsKey else { return }
            // The first machine has a CA that no longer signs, and reports it.
            let last = try await other.installer.run(rotate + ["--finish", "--force"])
            #expect(last.succeeded, "\(last)")
            let first = try await installation.rotate()
            #expect(first.status == 69)
            #expect(first.errors.contains("another machine has rotated it"), "\(first)")
        }
    }

    @Test func theInnerHopIsRenewedAndBuildKitRestarted() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let before = try await installation.data(of: "buildkit-secrets")
            let outcome = try await installation.rotate("--renew", "inner")
            #expect(outcome.succeeded, "\(outcome)")
            let after = try await installation.data(of: "buildkit-secrets")
            #expect(after["server.crt"] != before["server.crt"])
            #expect(
                after["server.key"]
                    == (try installation.text(installation.path(of: "certs/inner/server-key.pem"))))
            let builder = try await installation.cluster.json(
                "get", "deployment", "buildkit-builder", "-n", installation.namespace, "--output", "json")
            let template = builder["spec"]?["template"]?["metadata"]?["annotations"]
            #expect(template?["kubectl.kubernetes.io/restartedAt"] != nil)
        }
    }

    /// An uninstall keeps the CAs by default, and a new installation trusts only the one that signs.
    @Test func afterAReinstallTheOldCAIsNotTrusted() async throws {
        try await Installation.begin { installation in
            func status() async throws -> String {
                try await installation.laptop.installer.run("status", "--namespace", installation.namespace)
                    .output
            }
            #expect(try await installation.install().succeeded)
            // Without another client the old CA would be dropped at once.
            #expect(try await installation.client("add", "carol").succeeded)
            #expect(try await installation.rotate("--renew", "authority").succeeded)
            let warning = "The old CA is still trusted."
            #expect(try await status().contains(warning))

            let removed = try await installation.uninstall()
            #expect(removed.succeeded, "\(removed)")
            try await eventually("the namespace is gone") {
                try await installation.cluster.isRid(of: installation.namespace)
            }
            let installed = try await installation.install()
            #expect(installed.succeeded, "\(installed)")
            let former = installation.path(of: "certs/authority/former/key.pem")
            #expect(try installation.text(former) != nil)
            #expect(try await !status().contains(warning))

            let secret = try await installation.envoySecret()
            let finished = try await installation.rotate("--finish", "--force")
            #expect(finished.succeeded, "\(finished)")
            #expect(finished.output.contains("The old CA is deleted."), "\(finished)")
            #expect(try installation.text(former) == nil)
            #expect(try await installation.envoySecret() == secret)
            #expect(try await installation.rotate("--finish", "--force").output.contains("Nothing to renew"))
        }
    }

    @Test func aBuildKitThatDoesNotComeBackIsExplained() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.setImageThatCannotBePulled()
            let outcome = try await installation.rotate("--renew", "inner", "--timeout", "12")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("The image of the BuildKit pod cannot be pulled"), "\(outcome)")
            #expect(outcome.errors.contains(": ImagePullBackOff"))
        }
    }

    @Test func whatIsNotDueIsLeftAndSoIsAnEmptyNamespace() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let objects = try await installation.objects().map(\.resourceVersion)
            let outcome = try await installation.rotate("--if-due", "30d")
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("No certificate expires within 30 days."), "\(outcome)")
            #expect(try await installation.objects().map(\.resourceVersion) == objects)
            #expect(
                try await installation.laptop.installer.run(
                    "rotate", "--check", "--namespace", installation.namespace
                )
                .succeeded)
            let due = try await installation.laptop.installer.run(
                [
                    "rotate", "--check", "--if-due", "366d", "--namespace", installation.namespace,
                    "--output", "json",
                ])
            #expect(due.status == 3)
            #expect(due.output.contains(#""daysLeft":364"#), "\(due)")
        }
    }
}

extension Installation {
    /// Rotates without a data path to verify through.
    func rotate(_ flags: String..., kubeconfig: String? = nil) async throws -> Outcome {
        var installer = laptop.installer
        if let kubeconfig { installer.environment["KUBECONFIG"] = kubeconfig }
        return try await installer.run(
            ["rotate", "--yes", "--namespace", namespace, "--verify", "no", "--timeout", "120"] + flags)
    }

    func envoySecret() async throws -> [String: String] {
        try await data(of: "buildkit-envoy-certs")
    }

    func data(of secret: String) async throws -> [String: String] {
        let object = try await cluster.json("get", "secret", secret, "-n", namespace, "--output", "json")
        return (object["data"]?.object ?? [:]).compactMapValues {
            $0.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Runs kubectl as another process right before something is applied.
    fileprivate func disturb(_ arguments: String) throws {
        let kubectl = try laptop.target(of: "kubectl")
        try laptop.replace(
            "kubectl",
            with: """
                [ "$1" = apply ] && "\(kubectl)" \(arguments) >/dev/null </dev/null
                exec "\(kubectl)" "$@"
                """)
    }
}

/// A revocation by one machine is kept, whatever another machine does without knowing of it.
@Suite struct SecondMachineTests {
    enum Way: String, CaseIterable { case rotate, revoke, install }

    @Test(arguments: Way.allCases) func aRevocationOutlivesWhatAnotherMachineDoes(way: Way) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            for name in ["alice", "bob"] { #expect(try await installation.client("add", name).succeeded) }
            let copy = "\(installation.folder)/copied-home"
            try FileManager.default.copyItem(atPath: installation.laptop.home, toPath: copy)
            #expect(try await installation.client("revoke", "alice").succeeded)
            #expect(try await installation.verdict(on: "alice").contains("revoked"))

            var second = installation.laptop.installer
            second.environment["HOME"] = copy
            let words =
                switch way {
                case .rotate: ["rotate"]
                case .revoke: ["client", "revoke", "bob"]
                case .install: ["install", "--cache", "none"]
                }
            let outcome = try await second.run(
                words + [
                    "--namespace", installation.namespace, "--verify", "no", "--timeout", "120", "--yes",
                ])
            #expect(outcome.succeeded, "\(outcome)")
            #expect(try await installation.verdict(on: "alice").contains("revoked"))
            #expect(try await installation.verdict(on: "bob").contains("revoked") == (way == .revoke))
            // The second machine knows the revocation now, too: a new CA readmits the client on neither machine.
            if way == .revoke {
                for flags in [["--renew", "authority"], ["--finish", "--force"], []] {
                    let rotated = try await second.run(
                        ["rotate", "--namespace", installation.namespace, "--verify", "no", "--yes"] + flags)
                    #expect(rotated.succeeded, "\(rotated)")
                    #expect(!rotated.output.contains("alice"), "\(rotated)")
                }
                #expect(try await !installation.verdict(on: "alice").contains("OK"))
            }
        }
    }

    /// Both have the same CA, until the first machine begins to replace it.
    @Test func aCAThatTheFirstMachineHasIntroducedStaysTrusted() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            // Without another client the old CA would be dropped at once.
            #expect(try await installation.client("add", "alice").succeeded)
            let copy = "\(installation.folder)/copied-home"
            try FileManager.default.copyItem(atPath: installation.laptop.home, toPath: copy)
            #expect(try await installation.rotate("--renew", "authority").succeeded)
            let secret = try await installation.envoySecret()
            #expect(secret["ca.pem"]?.ranges(of: "BEGIN CERTIFICATE").count == 2)

            var second = installation.laptop.installer
            second.environment["HOME"] = copy
            let install = ["install", "--yes"] + installation.answers
            let refused = try await second.run(install)
            #expect(refused.status == 69, "\(refused)")
            #expect(
                refused.errors.contains(
                    "which this install would drop: clients that only have certificates of it"),
                "\(refused)")
            #expect(refused.errors.contains("To drop it: --take-over"), "\(refused)")
            #expect(refused.errors.hasSuffix("No changes were made.\n"))
            #expect(try await installation.envoySecret() == secret)

            // The printed rotation takes both CAs from the Secret.
            let rotated = try await second.run([
                "rotate", "--yes", "--namespace", installation.namespace, "--verify", "no",
            ])
            #expect(rotated.succeeded, "\(rotated)")
            let installed = try await second.run(install)
            #expect(installed.succeeded, "\(installed)")
            let after = try await installation.envoySecret()
            #expect(after["ca.pem"]?.ranges(of: "BEGIN CERTIFICATE").count == 2)
            #expect(try await installation.verdict(on: "alice").contains("OK"))
        }
    }

    /// Interrupted after it has prepared new files; the client is revoked meanwhile, and the rotation resumed.
    @Test(arguments: [[], ["--renew", "authority"]]) func aRotationThatWasCutShortBringsNobodyBack(
        flags: [String]
    ) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            for name in ["alice", "bob"] { #expect(try await installation.client("add", name).succeeded) }
            let tools = try ToolWatch(over: installation)
            // The first call registers the serials of signed certificates.
            try tools.hold(.before, "apply --server-side", number: 2)
            let command =
                ["rotate", "--namespace", installation.namespace, "--verify", "no", "--yes"] + flags
            // SIGKILL, as soon as it is about to write.
            try await installation.laptop.installer.whileRunning(
                command + ["--output", "json"], ready: reportedEvent("started", ofStep: "secret")
            ) { _ in try await eventually("it is about to write") { tools.isHolding } }
            try tools.letGo()
            #expect(try await installation.client("revoke", "alice").succeeded)
            let rotated = try await installation.laptop.installer.run(command)
            #expect(rotated.succeeded, "\(rotated)")
            #expect(!rotated.output.contains("New certificates for alice"), "\(rotated)")
            #expect(try await !installation.verdict(on: "alice").contains("OK"))
            #expect(try await installation.verdict(on: "bob").contains("OK"))
            let list = try await installation.client("list")
            #expect(list.output.contains("alice") && list.output.contains("revoked"), "\(list)")
        }
    }
}

extension Installation {
    /// The verdict of openssl on a client's files by the CAs and lists of the cluster.
    fileprivate func verdict(on client: String) async throws -> String {
        let secret = try await envoySecret()
        let both = "\(folder)/both.pem"
        try Data(((secret["ca.pem"] ?? "") + (secret["crl.pem"] ?? "")).utf8).write(to: URL(filePath: both))
        let outcome = try await Program("openssl").run(
            "verify", "-crl_check", "-CAfile", both, path(of: "certs/clients/\(client)/cert.pem"))
        return outcome.output + outcome.errors
    }
}
