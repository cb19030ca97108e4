import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// A Helm that was killed at work leaves its release locked: a run of ours that explains it frees it.
@Suite struct LockedReleaseTests {
    /// Pods of this image keep Helm waiting.
    private let unready = ["--image", "example.com/unready:1"]

    /// Kills the installer, and with it its Helm, when the release is as it should be.
    private func cut(_ site: Installation, _ more: [String], when status: String) async throws {
        _ = try await site.install(more, signal: SIGKILL) { _ in try await site.revisions().last == status }
    }

    @Test func anInstallThatWasCutShortIsBegunAnew() async throws {
        try await Installation.begin { site in
            try await cut(site, unready, when: "pending-install")
            let next = try await site.install("--output", "json")
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps() == ["free-release", "chart", "release", "builder"])
            #expect(next.output.contains("was still at work for a run that was killed"))
            try await expectAsUndisturbed(site)
        }
    }

    @Test func anUpgradeThatWasCutShortIsTakenBackAndDoneAgain() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await cut(site, unready, when: "pending-upgrade")
            let next = try await site.install("--output", "json")
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps().prefix(2) == ["free-release", "chart"])
            try await expectAsUndisturbed(site)
            #expect(try await site.install().output.contains("Nothing to change"))
        }
    }

    @Test func anUpgradeAfterOneThatWasCutShortStillGoesBackToWhatWorked() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let objects = try await site.objects()
            try await cut(site, unready, when: "pending-upgrade")
            let next = try await site.laptop.installer.run(
                ["install", "--yes"] + site.answers + unready + ["--timeout", "4"])
            #expect(next.status == 1)
            #expect(try await site.objects() == objects)
            #expect(try await site.revisions().last == "deployed")
        }
    }

    @Test func anUninstallThatWasCutShortIsBroughtToItsEnd() async throws {
        try await Installation.begin { site in
            // Helm waits for an object that cannot go yet.
            func finalizers(_ list: String) async throws {
                try await site.cluster.kubectl.require(
                    "patch", "configmap", "buildkit-proxy", "--namespace", site.namespace, "--type", "merge",
                    "--patch", #"{"metadata": {"finalizers": \#(list)}}"#)
            }
            _ = try await site.withInstaller(unready + ["--timeout", "8"]) { process in
                try await eventually("Helm installs") { try await site.revisions() == ["pending-install"] }
                try await eventually("the ConfigMap is there") {
                    try await site.objects().contains { $0.title == "ConfigMap/buildkit-proxy" }
                }
                try await finalizers(#"["example.com/hold"]"#)
                try await eventually("Helm uninstalls") { try await site.revisions() == ["uninstalling"] }
                kill(process, SIGKILL)
            }
            // As soon as the object could go, the Helm that was left at work would have come to its end, too.
            let next = try await site.withInstaller([]) { _ in
                try await eventually("the next run goes on") {
                    site.said.contains(#""event":"started","step":"free-release""#)
                }
                try await finalizers("[]")
            }
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps().first == "free-release")
            try await expectAsUndisturbed(site)
        }
    }

    @Test func aReleaseThatSomebodyElseHasLockedIsFreedByConsentAlone() async throws {
        try await Installation.begin { site in
            try await cut(site, unready, when: "pending-install")
            let journal =
                "\(site.laptop.home)/.local/state/buildkit-installer/test/\(site.namespace)/buildkit/journal.jsonl"
            try FileManager.default.removeItem(atPath: journal)
            let objects = try await site.objects()
            let next = try await site.install()
            #expect(next.status == 69)
            #expect(next.errors.contains("another Helm is at work on it, or was interrupted"), "\(next)")
            #expect(next.errors.contains("If nobody is: helm uninstall buildkit"))
            #expect(try await site.objects().map(\.resourceVersion) == objects.map(\.resourceVersion))

            let taken = try await site.install("--take-over", "--output", "json")
            #expect(taken.succeeded, "\(taken)")
            #expect(try taken.plannedSteps().first == "free-release")
        }
    }
}
