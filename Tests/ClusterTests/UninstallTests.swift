import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The parts that an uninstall removes, and those that it keeps.
@Suite struct UninstallTests {
    @Test func everythingGoesAndNoTraceIsLeft() async throws {
        try await Installation.begin { installation in
            try await installation.useBefore()
            let before = try await installation.everything()
            try await installation.cluster.makeVolume(for: installation.namespace)
            let installed = try await installation.install("--cache", "1Gi", "--storage-class", "by-hand")
            #expect(installed.succeeded, "\(installed)")
            #expect(try await installation.everything() != before)

            let removed = try await installation.uninstall("--everything", "--output", "json")
            #expect(removed.succeeded, "\(removed)")
            #expect(
                try removed.plannedSteps() == [
                    "release", "pods", "objects", "secrets", "cache", "namespace", "current-builder",
                    "builder-remote-kubernetes", "certificates", "authority", "records",
                ])
            #expect(try removed.result()["outcome"] == "removed")
            expectSame(try await installation.everything(), before)

            let again = try await installation.uninstall("--everything")
            #expect(again.succeeded, "\(again)")
            #expect(again.output.contains("Nothing to remove."), "\(again)")
            expectSame(try await installation.everything(), before)
        }
    }

    @Test func clientsThatWereAddedAndRevokedLeaveNoTraceEither() async throws {
        try await Installation.begin { installation in
            try await installation.useBefore()
            let before = try await installation.everything()
            #expect(try await installation.install().succeeded)
            for command in [["add", "bob"], ["add", "eve"], ["revoke", "eve"]] {
                let outcome = try await installation.client(command[0], command[1])
                #expect(outcome.succeeded, "\(outcome)")
            }
            #expect(try installation.files().contains { $0.path.hasSuffix("/clients/bob/key.pem") })
            #expect(try installation.files().contains { $0.path.contains("/authority/issued/") })

            // The records of issued certificates belong to the CA: both are removed or both are kept.
            let usual = try await installation.uninstall()
            #expect(usual.succeeded, "\(usual)")
            #expect(try !installation.files().contains { $0.path.contains("/clients") })
            #expect(try installation.files().contains { $0.path.contains("/authority/issued/") })

            let removed = try await installation.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            expectSame(try await installation.everything(), before)
        }
    }

    @Test func whatCannotBeHadAgainStaysUnlessItIsChosen() async throws {
        try await Installation.begin { installation in
            try await installation.cluster.makeVolume(for: installation.namespace)
            #expect(try await installation.install("--cache", "1Gi", "--storage-class", "by-hand").succeeded)
            let authority = try installation.files().filter { $0.path.contains("/authority/") }

            let usual = try await installation.uninstall()
            #expect(usual.succeeded, "\(usual)")
            #expect(try await installation.objects().map(\.title) == ["PersistentVolumeClaim/buildkit-cache"])
            #expect(try installation.files().filter { $0.path.contains("/authority/") } == authority)
            #expect(usual.output.contains("because it still contains the cache volume"), "\(usual)")

            let again = try await installation.uninstall()
            #expect(again.output.contains("Nothing to remove."), "\(again)")

            let nameless = try await installation.uninstall("--remove", "cache,namespace")
            #expect(nameless.status == 64)
            #expect(nameless.errors.contains("type the release name to confirm"), "\(nameless)")
            let named = try await installation.uninstall(
                "--remove", "cache,namespace", "--confirm", "buildkit")
            #expect(named.succeeded, "\(named)")
            #expect(try await !installation.cluster.has(installation.namespace))

            // A new installation is signed by the CA that was kept.
            #expect(try await installation.install().succeeded)
            let signed = try installation.files().filter { $0.path.contains("/authority/") }
            #expect(authority.filter { !signed.contains($0) } == [])
        }
    }

    @Test func anInstallationWhoseBuildsCannotBeCountedStays() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let before = try await installation.objects()
            let refused = try await installation.laptop.installer.run(
                "uninstall", "--yes", "--namespace", installation.namespace)
            #expect(refused.status == 69, "\(refused)")
            #expect(refused.errors.contains("Cannot determine whether builds are running"), "\(refused)")
            #expect(refused.errors.contains("1 check failed: running builds"), "\(refused)")
            #expect(refused.errors.contains("--force"), "\(refused)")
            #expect(try await installation.objects() == before)
        }
    }

    /// The installation still runs, and only these files reach it.
    @Test(arguments: ["gone", "broken"])
    func withoutTheClusterNothingIsRemovedFromThisMachine(_ kubeconfig: String) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            func kept() throws -> [FileState] {
                try installation.files().filter {
                    $0.path.hasSuffix(".pem") || $0.path.hasSuffix("/answers.json")
                }
            }
            let (before, builder) = (try kept(), try installation.builder())
            let objects = try await installation.objects()
            var installer = installation.laptop.installer
            installer.environment["KUBECONFIG"] = "\(installation.folder)/\(kubeconfig)"
            try Data("contexts: [unfinished".utf8).write(
                to: URL(filePath: "\(installation.folder)/broken"))
            for context in [["--context", "test"], []] {
                for more in [[], ["--everything"]] {
                    let refused = try await installer.run(
                        ["uninstall", "--yes", "--namespace", installation.namespace] + context + more)
                    #expect(refused.status == 69, "\(refused)")
                    #expect(refused.errors.contains("If the cluster no longer exists: "), "\(refused)")
                    #expect(refused.errors.contains("1 check failed: API server"), "\(refused)")
                }
            }
            let script = try await installer.run(
                "uninstall", "--print-commands", "--context", "test", "--namespace", installation.namespace)
            #expect(script.status == 69, "\(script)")
            #expect(script.errors.contains("--force"), "\(script)")
            #expect(try kept() == before)
            #expect(try installation.builder() == builder)
            #expect(try await installation.objects() == objects)
        }
    }

    /// The cluster may still trust it, and only it can issue and revoke clients.
    @Test func withoutTheClusterTheCAIsKeptAndNothingElseIsClaimed() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let objects = try await installation.objects()
            var installer = installation.laptop.installer
            installer.environment["KUBECONFIG"] = "\(installation.folder)/gone"
            let arguments = [
                "uninstall", "--yes", "--force", "--context", "test", "--namespace", installation.namespace,
            ]
            let partial = try await installer.run(arguments + ["--output", "json"])
            #expect(partial.status == 1, "\(partial)")
            #expect(try partial.result()["outcome"] == "partly-removed")
            #expect(
                try partial.plannedSteps() == [
                    "current-builder", "builder-remote-kubernetes", "certificates", "records",
                ])
            let again = try await installer.run(arguments)
            #expect(again.status == 1, "\(again)")
            #expect(!again.output.contains("BuildKit is uninstalled"), "\(again)")
            #expect(
                again.output.contains("the cluster could not be queried, so its components remain"),
                "\(again)")
            #expect(again.output.contains("Kept: the CA key"), "\(again)")
            #expect(
                again.output.contains(
                    "in the cluster, if they exist: the release, the Secrets and the namespace."), "\(again)")
            #expect(try installation.text(installation.path(of: "certs/authority/key.pem")) != nil)
            #expect(try await installation.objects() == objects)

            let rest = try await installation.uninstall("--everything")
            #expect(rest.succeeded, "\(rest)")
            #expect(try await !installation.cluster.has(installation.namespace))
            #expect(try installation.text(installation.path(of: "certs/authority/key.pem")) == nil)
        }
    }

    @Test func aRehearsalChangesNothing() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let before = try await installation.everything()
            let rehearsed = try await installation.laptop.installer.run(
                "uninstall", "--dry-run", "--force", "--everything", "--confirm", "buildkit", "--namespace",
                installation.namespace)
            #expect(rehearsed.succeeded, "\(rehearsed)")
            #expect(rehearsed.output.contains("Uninstall the release buildkit"))
            expectSame(try await installation.everything(), before)
        }
    }
}
