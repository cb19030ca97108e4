@testable import Installer
import Testing

@Suite struct ScriptTests {
    @Test func aScriptOfTheDefaultInstallIsWhatAPersonWouldType() {
        let plan = planned {
            try .install(
                Answers(), .empty, places: InstallerPaths(home: "/home/ada", environment: [:]),
                home: "/home/ada")
        }
        let script = "\(ShellScript(plan))"
        #expect(
            script.hasPrefix(
                "#!/bin/sh\n# Install BuildKit: the equivalent of what buildkit-installer runs.\n"
                    + "# The commands of all steps, without the checks, the lock and the rollback.\nset -eu\n"
            ))
        #expect(script.contains("kubectl create --filename - --context production <<'END'"))
        #expect(script.contains("--from-file=server-key.pem="))
        #expect(script.contains("helm install buildkit "))
        #expect(
            script.contains(
                "docker buildx create --name remote-kubernetes --node remote-kubernetes0 --driver remote"))
    }

    private static let drained = [
        Step(
            id: "scale", title: "Scale it",
            action: .run(command: Plan.installation.kubectl.scale("deployment/d", to: 0))),
        Step(
            id: "builds", title: "Wait\nuntil no builds are running",
            action: .waitForBuilds(installation: Plan.installation, timeout: 60)),
    ]

    /// A script that went on without a step would leave what no run leaves.
    @Test func aStepThatAShellCannotDoMakesTheScriptOneCommand() {
        let plan = Plan(
            .uninstall, title: "Uninstall", installation: Plan.installation, steps: Self.drained,
            flags: ["--builder 'a b'", "--yes"])
        #expect(
            "\(ShellScript(plan))" == """
                #!/bin/sh
                # Uninstall: one command, because only buildkit-installer can do the steps marked with *.
                # It runs its checks first, and plans again.
                set -eu
                # - Scale it
                # * \("Wait\nuntil no builds are running".visibleLine)

                buildkit-installer uninstall --namespace team --builder 'a b' --yes

                """)
    }

    /// The journal of an older version does not tell the flags.
    @Test func withoutItsFlagsItEndsBeforeAnything() {
        let plan = Plan(.uninstall, title: "Uninstall", installation: Plan.installation, steps: Self.drained)
        let lines = "\(ShellScript(plan))".split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "set -eu",
                "echo 'Only buildkit-installer can do some of these steps: buildkit-installer uninstall --namespace team' >&2",
                "exit 1",
            ])
    }

    /// What others have added to it since is kept only by a merge, such as a revocation.
    @Test func aSecretIsCreatedByAShellAndChangedByTheProgram() {
        var recipe = SecretSpec(
            secret: SecretName(context: "", namespace: "team", name: "s"), labels: ["a": "b"],
            files: ["k": "/f"],
            replaces: false, revocations: "/c")
        #expect(
            ShellScript.lines(for: .applySecret(recipe: recipe)).first
                == "kubectl create secret generic s --from-file=crl.pem=/c/authority/crl.pem --from-file=k=/f "
                + #"--from-literal='clients.json={"issued":[],"revoked":[]}' --dry-run=client --output json |"#
        )
        recipe.replaces = true
        #expect(ShellScript.lines(for: .applySecret(recipe: recipe)) == [])
    }

    @Test func aConnectionIsVerifiedWithoutABuild() {
        let registration = BuilderRegistration(
            builder: "team", address: .endpoint(endpoint: Endpoint(host: "builder.test", port: 1234)),
            servername: nil, folder: "/c/client", platforms: [], use: true)
        let verification = BuildVerification(
            registration: registration, tunnel: nil, timeout: 30, depth: .connection)
        #expect(
            ShellScript.lines(for: .verifyBuild(verification: verification)) == [
                "\(Buildx.inspect("team"))"
            ])
    }

    @Test func certificatesOfTheInnerHopMayLastLongerThanTheDefault() {
        let lines = ShellScript.lines(for: .issueInner(folder: "/c", algorithm: .p256, days: 5000))
        #expect(
            lines == [
                "buildkit-installer issue --inner-only --certs /c --key-algorithm p256 --authority-days 5000 --days 5000"
            ])
    }

    @Test(arguments: [
        ("plain-word_1.2/3:4=5,6@7%8", "plain-word_1.2/3:4=5,6@7%8"), ("", "''"), ("a b", "'a b'"),
        ("it's", #"'it'\''s'"#), ("$(rm -rf /)", "'$(rm -rf /)'"), ("~/x", "'~/x'"),
    ])
    func wordsAreQuotedForTheShell(_ text: String, _ quoted: String) {
        #expect(text.shellQuoted == quoted)
    }
}
