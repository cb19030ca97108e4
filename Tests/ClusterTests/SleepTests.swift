import FoundationEssentials
import LabSupport
import Testing

/// Manual sleep and wake-up, without the data path.
@Suite struct SleepTests {
    @Test func aBuilderSleepsUntilItIsWoken() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            // The lab has no kubelet that would forward a port to the proxies.
            let refused = try await installation.run("sleep", "--yes")
            #expect(refused.status == 69)
            #expect(refused.errors.contains("cannot determine whether builds are running"), "\(refused)")
            #expect(try await installation.builders().count == 1)
            let asleep = try await installation.run("sleep", "--yes", "--force")
            #expect(asleep.succeeded, "\(asleep)")
            #expect(asleep.output.contains("BuildKit is scaled to zero. New builds are queued until"))
            #expect(
                asleep.output.contains(
                    "  buildkit-installer wake --context test --namespace \(installation.namespace) --yes\n"))
            #expect(asleep.errors.contains("Cannot determine whether builds are running:"), "\(asleep)")
            #expect(try await installation.builders() == [])
            #expect(
                try await installation.run("sleep", "--yes").output.hasPrefix(
                    "BuildKit is already scaled to zero."))

            let awake = try await installation.run("wake", "--yes")
            #expect(awake.output.hasSuffix("BuildKit is running.\n"), "\(awake)")
            #expect(try await installation.builders().count == 1)
            #expect(try await installation.run("wake", "--yes").output == "BuildKit is already running.\n")
        }
    }

    @Test func whatIsOnlyShownIsNotDone() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let builders = try await installation.builders()
            let shown = try await installation.run("sleep", "--dry-run", "--force")
            #expect(shown.output.contains("  1. Scale buildkit-builder to 0\n"), "\(shown)")
            let script = try await installation.run("sleep", "--print-commands", "--force")
            #expect(try await installation.builders() == builders)

            let shell = Program("/bin/sh", environment: installation.laptop.installer.environment)
            try await shell.require("-c", script.output)
            #expect(try await installation.builders() == [])
            try await shell.require("-c", installation.run("wake", "--print-commands").output)
            #expect(try await installation.builders().count == 1)
        }
    }

    @Test func anUpgradeOfASleepingBuilderLeavesItAsleep() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.run("sleep", "--yes", "--force").succeeded)
            let upgrade = try await installation.install("--cpu", "2")
            #expect(upgrade.output.contains("Upgrade the release"), "\(upgrade)")
            #expect(try await installation.builders() == [])
        }
    }

    @Test func whatIsNotThereCannotSleep() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.run("sleep", "--yes")
            #expect(outcome.status == 69)
            #expect(
                outcome.errors.contains("BuildKit not found: release buildkit in namespace"),
                "\(outcome)")
        }
    }

    @Test func aPodThatDoesNotComeIsExplained() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.run("sleep", "--yes", "--force").succeeded)
            try await installation.setImageThatCannotBePulled()
            let outcome = try await installation.run("wake", "--yes", "--timeout", "12")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("The image of the BuildKit pod cannot be pulled"), "\(outcome)")
            #expect(outcome.errors.contains(": ImagePullBackOff"))
        }
    }

    /// It scales with the pods of its former template, also where another one waits.
    @Test func aPausedRolloutSleepsAndWakes() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.cluster.kubectl.require(
                "rollout", "pause", "deployment/buildkit-builder", "--namespace", installation.namespace)
            try await installation.setImageThatCannotBePulled()
            let asleep = try await installation.run("sleep", "--yes", "--force")
            #expect(asleep.succeeded, "\(asleep)")
            #expect(try await installation.builders() == [])
            let awake = try await installation.run("wake", "--yes", "--timeout", "60")
            #expect(awake.succeeded, "\(awake)")
            #expect(try await installation.builders().count == 1)
            let status = try await installation.run("status")
            #expect(
                status.output.contains(
                    "The rollout of deployment/buildkit-builder is paused: its pods keep their former settings."
                ),
                "\(status)")
        }
    }

    @Test func sleepByItselfNeedsKEDA() async throws {
        try await Installation.begin { installation in
            let values = "\(installation.folder)/values.yaml"
            try Data("builder:\n  sleep:\n    enabled: true\n".utf8).write(to: URL(filePath: values))
            let outcome = try await installation.install("--values", values)
            #expect(outcome.status == 69)
            #expect(
                outcome.errors.contains(
                    "sets builder.sleep.enabled, but KEDA is not installed in the cluster"),
                "\(outcome)")
            #expect(outcome.errors.hasSuffix("No changes were made.\n"))
            #expect(try await !installation.cluster.has(installation.namespace))
        }
    }
}

extension Installation {
    fileprivate func run(_ verb: String, _ more: String...) async throws -> Outcome {
        try await laptop.installer.run([verb, "--namespace", namespace] + more)
    }

    /// The names of BuildKit's pods.
    fileprivate func builders() async throws -> [String] {
        try await cluster.list("pods", in: namespace).compactMap { $0["metadata"] }
            .filter { $0["labels"]?["app.kubernetes.io/component"]?.string == "builder" }
            .compactMap { $0["name"]?.string }
    }
}
