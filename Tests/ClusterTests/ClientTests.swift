import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The clients of an installation, as stored in the cluster.
@Suite struct ClientTests {
    @Test func rolesAreKeptByTheReleaseAndByEveryInstallAfterwards() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let pods = try await installation.podTemplates()
            let added = try await installation.client("add", "bob", "--role", "builder")
            #expect(added.succeeded, "\(added)")
            #expect(try await installation.roles().contains("spiffe://buildkit/client/bob"))
            // Envoy reloads it at run time.
            #expect(try await installation.podTemplates() == pods)
            let list = try await installation.client("list", "--output", "json")
            #expect(list.output.contains(#""name":"bob","role":"builder""#), "\(list)")

            #expect(try await installation.install().output.contains("Nothing to change"))
            #expect(try await installation.install("--port", "2345").succeeded)
            #expect(try await installation.roles().contains("spiffe://buildkit/client/bob"))

            let again = try await installation.client("add", "bob", "--role", "builder", "--output", "json")
            #expect(try again.result()["outcome"] == "unchanged", "\(again)")
            #expect(try await installation.client("revoke", "bob").succeeded)
            #expect(try await !installation.roles().contains("spiffe://buildkit/client/bob"))
            #expect(try await installation.roles().contains("spiffe://buildkit/client/admin"))
            let once = try await installation.client("revoke", "bob")
            #expect(once.output.contains("bob is already revoked."), "\(once)")
        }
    }

    @Test func aRevocationLeavesTheRestOfASecretAsItIsWhoeverMadeIt() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.client("add", "bob").succeeded)
            let secret = "buildkit-envoy-certs"
            try await installation.kubectl(
                "patch", "secret", secret, "--patch", #"{"data":{"note":"aGVsbG8="}}"#)
            try await installation.kubectl("label", "secret", secret, "app.kubernetes.io/managed-by-")
            let before = try await installation.secret(secret)
            let revoked = try await installation.client("revoke", "bob")
            #expect(revoked.succeeded, "\(revoked)")
            let after = try await installation.secret(secret)
            let growing = ["crl.pem", "clients.json"]
            for key in growing { #expect(after[key] != before[key]) }
            #expect(after["note"] == "aGVsbG8=")
            #expect(after.filter { !growing.contains($0.key) } == before.filter { !growing.contains($0.key) })
        }
    }

    @Test func whatSomebodyElseChangesMeanwhileStays() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.client("add", "bob").succeeded)
            let secret = "buildkit-envoy-certs"
            // Another process changes it between the read and the write.
            let path = "\(installation.laptop.programs)/kubectl"
            let target = try installation.laptop.target(of: "kubectl")
            try installation.laptop.replace(
                "kubectl",
                with: """
                    case "$*" in "get secret \(secret) --ignore"*)
                        "\(target)" patch secret \(secret) --namespace \(installation.namespace) \
                        --patch '{"data":{"other":"aGVsbG8="}}' >/dev/null;;
                    esac
                    exec "\(target)" "$@"
                    """)
            let before = try await installation.secret(secret)
            // A revocation only adds, so it is retried on the new content, which is kept.
            let revoked = try await installation.client("revoke", "bob")
            #expect(revoked.succeeded, "\(revoked)")
            let after = try await installation.secret(secret)
            #expect(after["crl.pem"] != before["crl.pem"])
            #expect(after["other"] == "aGVsbG8=")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)

            // Where the list in the cluster is missing, the next run restores it.
            try await installation.kubectl(
                "patch", "secret", secret, "--patch",
                "{\"data\":{\"crl.pem\":\"\(before["crl.pem"] ?? "")\"}}")
            #expect(try await installation.client("list").output.contains("in the cluster differ"))
            let again = try await installation.client("revoke", "bob", "--output", "json")
            #expect(try again.plannedSteps() == ["envoy-secret", "nudge"], "\(again)")
            #expect(try await installation.secret(secret)["crl.pem"] == after["crl.pem"])
        }
    }

    @Test func nobodyAndNothingAreNotRevokedAlready() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let nobody = try await installation.client("revoke", "nobody")
            #expect(nobody.status == 69)
            #expect(nobody.errors.contains("Unknown client nobody"), "\(nobody)")
            let serial = try await installation.client("revoke", "--serial", "not-one")
            #expect(serial.status == 64)
            #expect(serial.errors.contains("is not a serial"), "\(serial)")
        }
    }

    @Test func whoMayOnlyLookIsToldBeforeAnythingIsChanged() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.client("add", "bob").succeeded)
            let kubeconfig = try await installation.cluster.user(who: ["view"], folder: installation.folder)
            let files = try installation.files()
            var installer = installation.laptop.installer
            installer.environment["KUBECONFIG"] = kubeconfig
            for words in [["revoke", "bob"], ["add", "carol", "--role", "builder"]] {
                let outcome = try await installer.run(
                    ["client"] + words + ["--namespace", installation.namespace, "--yes"])
                #expect(outcome.status == 69, "\(outcome)")
                #expect(outcome.errors.contains("secrets"), "\(outcome)")
                #expect(outcome.errors.hasSuffix("No changes were made.\n"))
            }
            #expect(try installation.files().filter { !$0.isFolder } == files.filter { !$0.isFolder })
        }
    }

    @Test func withoutTheAuthoritysKeyEachVerbSaysWhatCanBeDone() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.client("add", "bob").succeeded)
            let authority = installation.path(of: "certs/authority")
            try FileManager.default.moveItem(atPath: authority, toPath: "\(installation.folder)/moved")
            for verb in ["add", "renew", "revoke"] {
                let outcome = try await installation.client(verb, "bob")
                #expect(outcome.status == 69, "\(outcome)")
                #expect(outcome.errors.contains("No CA key on this machine"), "\(outcome)")
                #expect(outcome.errors.contains("Copy the authority/ directory from"))
            }
            // A copy of the folder is enough, with the records of issued certificates.
            try FileManager.default.moveItem(atPath: "\(installation.folder)/moved", toPath: authority)
            #expect(try await installation.client("revoke", "bob").succeeded)
        }
    }

    @Test func nowReplacesTheProxies() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.client("add", "bob").succeeded)
            let before = try await installation.proxyPods()
            let outcome = try await installation.client("revoke", "bob", "--now")
            #expect(outcome.succeeded, "\(outcome)")
            #expect(outcome.output.contains("including those of other clients"))
            let after = try await installation.proxyPods()
            #expect(!after.isEmpty && Set(after).isDisjoint(with: before))
        }
    }

    @Test func aRehearsalAndAScriptChangeNothing() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let files = try installation.files()
            let words = ["client", "add", "bob", "--namespace", installation.namespace]
            let rehearsal = try await installation.laptop.installer.run(words + ["--dry-run"])
            #expect(rehearsal.output.contains("1. Issue a certificate for bob"), "\(rehearsal)")
            let script = try await installation.laptop.installer.run(
                words + ["--print-commands", "--role", "builder"])
            #expect(script.output.contains("\nbuildkit-installer client add --context test "), "\(script)")
            #expect(script.output.contains(" --name bob --role builder "), "\(script)")
            #expect(try await installation.laptop.installer.run(words).errors.contains("Add --yes"))
            #expect(try installation.files() == files)
        }
    }
}

extension Installation {
    /// Runs one of the client commands, as a script would.
    func client(_ verb: String, _ arguments: String...) async throws -> Outcome {
        try await laptop.installer.run(
            ["client", verb] + arguments + ["--namespace", namespace] + (verb == "list" ? [] : ["--yes"]))
    }

    @discardableResult
    fileprivate func kubectl(_ arguments: String...) async throws -> String {
        try await cluster.kubectl.require(arguments + ["--namespace", namespace])
    }

    fileprivate func roles() async throws -> String {
        try await kubectl("get", "configmap", "buildkit-proxy", "--output", "jsonpath={.data.roles\\.yaml}")
    }

    fileprivate func secret(_ name: String) async throws -> [String: String] {
        try await cluster.json("get", "secret", name, "--namespace", namespace, "--output", "json")["data"]?
            .object.compactMapValues(\.string) ?? [:]
    }

    fileprivate func podTemplates() async throws -> String {
        try await kubectl("get", "deployments", "--output", "jsonpath={.items[*].spec.template}")
    }

    fileprivate func proxyPods() async throws -> [String] {
        try await kubectl(
            "get", "pods", "--selector", "app.kubernetes.io/component=proxy", "--field-selector",
            "status.phase=Running", "--output", "jsonpath={.items[*].metadata.uid}"
        ).split(separator: " ").map { String($0) }
    }
}
