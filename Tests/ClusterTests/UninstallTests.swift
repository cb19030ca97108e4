import FoundationEssentials
import Installer
import LabSupport
import Testing

/// What an uninstall takes away, and what it leaves.
@Suite struct UninstallTests {
    @Test func everythingGoesAndNoTraceIsLeft() async throws {
        try await Installation.begin { site in
            try await site.useBefore()
            let before = try await site.everything()
            try await site.cluster.makeVolume(for: site.namespace)
            let installed = try await site.install("--cache", "1Gi", "--storage-class", "by-hand")
            #expect(installed.succeeded, "\(installed)")
            #expect(try await site.everything() != before)

            let removed = try await site.uninstall("--everything", "--output", "json")
            #expect(removed.succeeded, "\(removed)")
            #expect(
                try removed.plannedSteps() == [
                    "release", "objects", "secrets", "cache", "namespace", "current-builder",
                    "builder-remote-kubernetes", "certificates", "authority", "records",
                ])
            #expect(try removed.result()["outcome"] == "removed")
            expectSame(try await site.everything(), before)

            let again = try await site.uninstall("--everything")
            #expect(again.succeeded, "\(again)")
            #expect(again.output.contains("There was nothing to remove."), "\(again)")
            expectSame(try await site.everything(), before)
        }
    }

    @Test func clientsThatWereAddedAndRevokedLeaveNoTraceEither() async throws {
        try await Installation.begin { site in
            try await site.useBefore()
            let before = try await site.everything()
            #expect(try await site.install().succeeded)
            for command in [["add", "bob"], ["add", "eve"], ["revoke", "eve"]] {
                let outcome = try await site.client(command[0], command[1])
                #expect(outcome.succeeded, "\(outcome)")
            }
            #expect(try site.files().contains { $0.path.hasSuffix("/clients/bob/key.pem") })
            #expect(try site.files().contains { $0.path.contains("/authority/issued/") })

            // What has been issued is known to the authority: both go or both stay.
            let usual = try await site.uninstall()
            #expect(usual.succeeded, "\(usual)")
            #expect(try !site.files().contains { $0.path.contains("/clients") })
            #expect(try site.files().contains { $0.path.contains("/authority/issued/") })

            let removed = try await site.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            expectSame(try await site.everything(), before)
        }
    }

    @Test func whatCannotBeHadAgainStaysUnlessItIsChosen() async throws {
        try await Installation.begin { site in
            try await site.cluster.makeVolume(for: site.namespace)
            #expect(try await site.install("--cache", "1Gi", "--storage-class", "by-hand").succeeded)
            let authority = try site.files().filter { $0.path.contains("/authority/") }

            let usual = try await site.uninstall()
            #expect(usual.succeeded, "\(usual)")
            #expect(try await site.objects().map(\.title) == ["PersistentVolumeClaim/buildkit-cache"])
            #expect(try site.files().filter { $0.path.contains("/authority/") } == authority)
            #expect(usual.output.contains("because it still holds the cache volume"), "\(usual)")

            let again = try await site.uninstall()
            #expect(again.output.contains("There was nothing to remove."), "\(again)")

            let nameless = try await site.uninstall("--remove", "cache,namespace")
            #expect(nameless.status == 64)
            #expect(nameless.errors.contains("give the release's name to remove it"), "\(nameless)")
            let named = try await site.uninstall("--remove", "cache,namespace", "--confirm", "buildkit")
            #expect(named.succeeded, "\(named)")
            #expect(try await !site.cluster.has(site.namespace))

            // What is installed again is signed by the authority that stayed.
            #expect(try await site.install().succeeded)
            let signed = try site.files().filter { $0.path.contains("/authority/") }
            #expect(authority.filter { !signed.contains($0) } == [])
        }
    }

    @Test func aRehearsalChangesNothing() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let before = try await site.everything()
            let rehearsed = try await site.laptop.installer.run(
                "uninstall", "--dry-run", "--everything", "--confirm", "buildkit", "--namespace",
                site.namespace)
            #expect(rehearsed.succeeded, "\(rehearsed)")
            #expect(rehearsed.output.contains("Uninstall the release buildkit"))
            expectSame(try await site.everything(), before)
        }
    }
}
