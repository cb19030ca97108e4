import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// A Helm that was killed leaves its release locked: a later run unlocks it where its journal explains the lock.
@Suite struct LockedReleaseTests {
    /// Pods of this image keep Helm waiting.
    private let unready = ["--image", "example.com/unready:1"]

    /// Kills the installer with its Helm when the release has the given status.
    private func cut(_ installation: Installation, _ more: [String], when status: String) async throws {
        _ = try await installation.install(more, signal: SIGKILL) { _ in
            try await installation.revisions().last == status
        }
    }

    @Test func anInstallThatWasCutShortIsBegunAnew() async throws {
        try await Installation.begin { installation in
            try await cut(installation, unready, when: "pending-install")
            let next = try await installation.install("--output", "json")
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps() == ["free-release", "chart", "release", "builder"])
            #expect(next.output.contains("Stopped the leftover process"))
            try await expectAsUndisturbed(installation)
        }
    }

    @Test func anUpgradeThatWasCutShortIsTakenBackAndDoneAgain() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await cut(installation, unready, when: "pending-upgrade")
            let next = try await installation.install("--output", "json")
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps().prefix(2) == ["free-release", "chart"])
            try await expectAsUndisturbed(installation)
            #expect(try await installation.install().output.contains("Nothing to change"))
        }
    }

    @Test func anUpgradeAfterOneThatWasCutShortStillGoesBackToWhatWorked() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let objects = try await installation.objects()
            try await cut(installation, unready, when: "pending-upgrade")
            let next = try await installation.laptop.installer.run(
                ["install", "--yes"] + installation.answers + unready + ["--timeout", "12"])
            #expect(next.status == 1)
            #expect(try await installation.objects() == objects)
            #expect(try await installation.revisions().last == "deployed")
        }
    }

    @Test func anUninstallThatWasCutShortIsBroughtToItsEnd() async throws {
        try await Installation.begin { installation in
            // Helm waits for an object that cannot be deleted yet.
            func finalizers(_ list: String) async throws {
                try await installation.cluster.kubectl.require(
                    "patch", "configmap", "buildkit-proxy", "--namespace", installation.namespace, "--type",
                    "merge",
                    "--patch", #"{"metadata": {"finalizers": \#(list)}}"#)
            }
            _ = try await installation.withInstaller(unready + ["--timeout", "20"]) { process in
                try await eventually("Helm installs") {
                    try await installation.revisions() == ["pending-install"]
                }
                try await eventually("the ConfigMap is there") {
                    try await installation.objects().contains { $0.title == "ConfigMap/buildkit-proxy" }
                }
                try await finalizers(#"["example.com/hold"]"#)
                try await eventually("Helm uninstalls") {
                    try await installation.revisions() == ["uninstalling"]
                }
                kill(process, SIGKILL)
            }
            // As soon as the object could be deleted, the remaining Helm process would have ended, too.
            let next = try await installation.withInstaller([]) { _ in
                try await eventually("the next run goes on") {
                    installation.said.contains(reportedEvent("started", ofStep: "free-release"))
                }
                try await finalizers("[]")
            }
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps().first == "free-release")
            try await expectAsUndisturbed(installation)
        }
    }

    @Test func aReleaseThatSomebodyElseHasLockedIsFreedByConsentAlone() async throws {
        try await Installation.begin { installation in
            try await cut(installation, unready, when: "pending-install")
            let journal =
                "\(installation.laptop.home)/.local/state/buildkit-installer/test/\(installation.namespace)/buildkit/journal.jsonl"
            try FileManager.default.removeItem(atPath: journal)
            let objects = try await installation.objects()
            let next = try await installation.install()
            #expect(next.status == 69)
            #expect(
                next.errors.contains("another Helm operation is in progress, or was interrupted"), "\(next)")
            #expect(
                next.errors.contains(
                    "If no operation is running: helm uninstall buildkit"))
            // The controllers still report the state of the pods.
            #expect(try await installation.objects() == objects)

            let taken = try await installation.install("--take-over", "--output", "json")
            #expect(taken.succeeded, "\(taken)")
            #expect(try taken.plannedSteps().first == "free-release")
        }
    }
}
