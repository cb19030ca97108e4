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
                "#!/bin/sh\n# Install BuildKit: the equivalent of what buildkit-installer runs.\nset -eu\n"))
        #expect(script.contains("kubectl create --filename - --context production <<'END'"))
        #expect(script.contains("--from-file=server-key.pem="))
        #expect(script.contains("helm install buildkit "))
        #expect(
            script.contains(
                "docker buildx create --name remote-kubernetes --node remote-kubernetes0 --driver remote"))
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
