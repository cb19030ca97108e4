import FoundationEssentials
import LabSupport
import Testing

/// One CA for several installations or machines: what one of them does with it concerns the others.
@Suite struct SharedAuthorityTests {
    /// The files in the folder are those of both installations, and the Secret of the other one keeps its CA.
    @Test func aNewAuthorityIsMadeUnderAnotherInstallationByConsentAlone() async throws {
        try await withTwo { first, second in
            // Without another client the old CA would be dropped at once.
            #expect(try await first.client("add", "carol").succeeded)
            let certificate = first.path(of: "certs/client/cert.pem")
            let before = try first.text(certificate)
            let refused = try await first.rotateAuthority()
            #expect(refused.status == 69, "\(refused)")
            #expect(
                refused.errors.contains(
                    "\(second.namespace) of context test uses the same certificate directory"))
            #expect(refused.errors.contains("--take-over"), "\(refused)")
            #expect(try first.text(certificate) == before)

            // Each phase locks the clients of the other one out until it is given the new certificates.
            let install = "buildkit-installer install --context test --namespace \(second.namespace)"
            for phase in [["--renew", "authority"], ["--finish", "--force"]] {
                #expect(try await first.rotateAuthority(phase).status == 69)
                let made = try await first.rotateAuthority(phase + ["--take-over"])
                #expect(made.succeeded, "\(made)")
                #expect(made.output.contains(install), "\(made)")
                // The printed command is complete: it has the names, the endpoint and the directory of the other one.
                let printed = made.output.firstMatch(
                    of: /buildkit-installer (install [^\n]*--answers \S+\.json)/)
                let command = try #require(printed).output.1.split(separator: " ").map(String.init)
                let given = try await second.laptop.installer.run(command + ["--yes"])
                #expect(given.succeeded, "\(command): \(given)")
                for installation in [first, second] {
                    let verdict = try await installation.verdict(on: "client", of: first)
                    #expect(verdict.contains("OK"), "\(phase): \(verdict)")
                }
            }
        }
    }

    /// Both have introduced it, and one of them has finished. What the other one does with the directory of both lets no old
    /// certificate in again.
    @Test func aCAThatOneOfThemHasDroppedStaysDropped() async throws {
        try await withTwo { first, second in
            #expect(try await first.client("add", "alice").succeeded)
            try FileManager.default.copyItem(
                atPath: first.path(of: "certs/clients/alice"), toPath: first.path(of: "old-alice"))
            func accepts(_ installation: Installation) async throws -> Bool {
                try await installation.verdict(on: "../old-alice", of: first).contains("OK")
            }
            func authorities(_ installation: Installation) async throws -> Int? {
                try await installation.envoySecret()["ca.pem"]?.ranges(of: "BEGIN CERTIFICATE").count
            }
            func install(printedBy outcome: Outcome) async throws -> Outcome {
                let printed = outcome.output.firstMatch(
                    of: /buildkit-installer (install [^\n]*--answers \S+\.json)/)
                let command = try #require(printed).output.1.split(separator: " ").map(String.init)
                return try await first.laptop.installer.run(command + ["--yes", "--verify", "no"])
            }
            let begun = try await first.rotateAuthority(["--renew", "authority", "--take-over"])
            #expect(begun.succeeded, "\(begun)")
            let taken = try await install(printedBy: begun)
            #expect(taken.succeeded, "\(taken)")
            let finished = try await first.rotateAuthority(["--finish", "--force", "--take-over"])
            #expect(finished.succeeded, "\(finished)")
            #expect(try await authorities(first) == 1)
            #expect(try await authorities(second) == 2)
            #expect(try await !accepts(first))
            #expect(try await accepts(second))

            let status = try await second.laptop.installer.run("status", "--namespace", second.namespace)
            #expect(
                status.output.contains(
                    "Install the certificates in the certificate directory: buildkit-installer install"),
                "\(status)")
            let plain = ["--verify", "no"]
            let refused = try await second.rotateAuthority(plain)
            #expect(refused.status == 69, "\(refused)")
            #expect(refused.errors.contains("which another installation has dropped"), "\(refused)")
            // The other one may insist on it, for itself.
            let kept = try await second.rotateAuthority(plain + ["--take-over"])
            #expect(kept.succeeded, "\(kept)")
            let unasked = try await install(printedBy: kept)
            #expect(unasked.status == 69, "\(unasked)")
            #expect(unasked.errors.contains("which the proxy does not trust"), "\(unasked)")
            #expect(try await authorities(first) == 1)
            #expect(try await !accepts(first))

            let renewed = try await first.rotateAuthority(plain)
            #expect(renewed.succeeded, "\(renewed)")
            #expect(try await authorities(first) == 1)
            #expect(try await !accepts(first))
            #expect(try await accepts(second))
            #expect(try await second.rotateAuthority(plain).status == 69)
            // It is told before it happens.
            let dropped = try await install(printedBy: finished)
            #expect(dropped.succeeded, "\(dropped)")
            #expect(dropped.output.contains("trusted CAs: "), "\(dropped)")
            #expect(try await authorities(second) == 1)
            #expect(try await !accepts(second))
            for installation in [first, second] {
                let verdict = try await installation.verdict(on: "clients/alice", of: first)
                #expect(verdict.contains("OK"), "\(verdict)")
            }
        }
    }

    /// The settings of the other one were lost: its journal names the directory, and its proxy trusts the old CA.
    @Test func anInstallationWithoutSettingsKeepsTheOldCA() async throws {
        try await withTwo { first, second in
            for phase in [["--renew", "authority"], ["--finish", "--force"]] {
                let made = try await first.rotateAuthority(phase + ["--verify", "no", "--take-over"])
                #expect(made.succeeded, "\(made)")
            }
            let former = first.path(of: "certs/authority/former/key.pem")
            #expect(FileManager.default.fileExists(atPath: former))
            let settings =
                "\(first.laptop.home)/.config/buildkit-installer/test/\(second.namespace)/buildkit/answers.json"
            try FileManager.default.removeItem(atPath: settings)
            let finished = try await first.rotateAuthority(["--finish", "--verify", "no"])
            #expect(finished.succeeded, "\(finished)")
            #expect(finished.output.contains("No old CA is trusted"), "\(finished)")
            #expect(FileManager.default.fileExists(atPath: former), "\(finished)")
        }
    }

    /// The other proxy goes on accepting the client, and its reports must not say otherwise.
    @Test func aRevocationSaysWhereElseTheClientIsStillLetIn() async throws {
        try await withTwo { first, second in
            #expect(try await first.client("add", "alice").succeeded)
            let revoked = try await first.client("revoke", "alice")
            #expect(revoked.succeeded, "\(revoked)")
            let command = [
                "client", "revoke", "alice", "--context", "test", "--namespace", second.namespace,
                "--release",
                "buildkit", "--builder", "bb",
            ]
            #expect(revoked.output.contains(command.joined(separator: " ")), "\(revoked)")
            #expect(try await first.verdict(on: "clients/alice", of: first).contains("revoked"))
            #expect(try await second.verdict(on: "clients/alice", of: first).contains("OK"))

            let installer = second.laptop.installer
            let finding = "Revocations of alice are not in effect in the cluster"
            func reports() async throws -> String {
                var text = ""
                for words in [["status"], ["rotate", "--check"], ["client", "list"]] {
                    text += try await installer.run(words + ["--namespace", second.namespace]).output
                }
                return text
            }
            let pending = try await reports()
            for text in [finding, "revoked locally, not yet in the cluster"] {
                #expect(pending.ranges(of: text).count == 3, "\(pending)")
            }
            #expect(!pending.contains("alice: revoked (this machine)"))

            let published = try await installer.run(command + ["--yes"])
            #expect(published.succeeded, "\(published)")
            // Now it is revoked in both.
            let again = try await first.client("revoke", "alice")
            #expect(again.succeeded, "\(again)")
            for outcome in [published, again] {
                #expect(!outcome.output.contains("there, too"), "\(outcome)")
            }
            #expect(try await second.verdict(on: "clients/alice", of: first).contains("revoked"))
            let done = try await reports()
            #expect(done.contains("alice: revoked (this machine)"), "\(done)")
            #expect(!done.contains(finding) && !done.contains("not yet in the cluster"), "\(done)")
        }
    }

    @Test func aClientOfAnotherMachineIsListedAsRevoked() async throws {
        try await Installation.begin { first in
            #expect(try await first.install().succeeded)
            try await Installation.beginAtOnce(in: first.namespace) { second in
                try FileManager.default.createDirectory(
                    atPath: second.path(of: "certs"), withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    atPath: first.path(of: "certs/authority"), toPath: second.path(of: "certs/authority"))
                let added = try await second.client("add", "bob", "--verify", "no")
                #expect(added.succeeded, "\(added)")
                let before = try await first.client("list")
                #expect(before.output.contains(/bob +no local certificate/), "\(before)")
                #expect(try await first.client("revoke", "bob").succeeded)
                let list = try await first.client("list")
                #expect(list.output.contains(/bob +revoked +[0-9a-f]+ +revoked/), "\(list)")
                let json = try await first.client("list", "--output", "json")
                #expect(json.output.contains(#""name":"bob","role":"revoked""#), "\(json)")
            }
        }
    }

    /// Its serial stays registered, which gives nobody access.
    @Test func aClientThatWasNotAddedAfterAllIsNotListedAsOneWithAccess() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let helm = try installation.laptop.target(of: "helm")
            try installation.laptop.replace(
                "helm", with: "case \" $* \" in *' upgrade '*) exit 1;; esac\nexec '\(helm)' \"$@\"")
            let failed = try await installation.client("add", "carol", "--role", "builder")
            #expect(failed.status == 1, "\(failed)")
            #expect(failed.errors.contains("Changes rolled back."), "\(failed)")
            let list = try await installation.client("list")
            #expect(list.output.contains(/carol +no local certificate/), "\(list)")

            let nowhere = try await installation.laptop.installer.run(
                "client", "list", "--namespace", "\(installation.namespace)-none")
            #expect(
                nowhere.output.contains("BuildKit not found: release buildkit in namespace"), "\(nowhere)")
            #expect(!nowhere.output.contains("full access"))
        }
    }
}

extension Installation {
    fileprivate func rotateAuthority(_ phase: [String] = ["--renew", "authority"]) async throws -> Outcome {
        try await laptop.installer.run(["rotate", "--yes", "--namespace", namespace] + phase)
    }

    /// The verdict of openssl on a certificate of the owner's folder, by the CAs and lists of this proxy.
    fileprivate func verdict(on part: String, of owner: Installation) async throws -> String {
        let secret = try await envoySecret()
        let both = "\(folder)/\(namespace).pem"
        try Data(((secret["ca.pem"] ?? "") + (secret["crl.pem"] ?? "")).utf8).write(to: URL(filePath: both))
        let outcome = try await Program("openssl").run(
            "verify", "-crl_check", "-CAfile", both, owner.path(of: "certs/\(part)/cert.pem"))
        return outcome.output + outcome.errors
    }
}
