import FoundationEssentials
import LabSupport
import Testing

/// Sleeping and waking by hand, as far as the cluster goes.
@Suite struct SleepTests {
    @Test func aBuilderSleepsUntilItIsWoken() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let asleep = try await site.run("sleep")
            #expect(asleep.succeeded, "\(asleep)")
            #expect(asleep.output.contains("BuildKit sleeps. Builds that are started wait"))
            #expect(asleep.output.contains("  buildkit-installer wake --namespace \(site.namespace)\n"))
            // The lab has no kubelet that would forward a port to the proxies.
            #expect(asleep.errors.contains("Whether builds run cannot be told:"), "\(asleep)")
            #expect(try await site.builders() == [])
            #expect(try await site.run("sleep").output.hasPrefix("BuildKit sleeps already."))

            let awake = try await site.run("wake")
            #expect(awake.output.hasSuffix("BuildKit is awake.\n"), "\(awake)")
            #expect(try await site.builders().count == 1)
            #expect(try await site.run("wake").output == "BuildKit is awake already.\n")
        }
    }

    @Test func whatIsOnlyShownIsNotDone() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let builders = try await site.builders()
            let shown = try await site.run("sleep", "--dry-run")
            #expect(shown.output.contains("  1. Scale buildkit-builder to 0\n"), "\(shown)")
            let script = try await site.run("sleep", "--print-commands")
            #expect(try await site.builders() == builders)

            let shell = Program("/bin/sh", environment: site.laptop.installer.environment)
            try await shell.require("-c", script.output)
            #expect(try await site.builders() == [])
            try await shell.require("-c", site.run("wake", "--print-commands").output)
            #expect(try await site.builders().count == 1)
        }
    }

    @Test func anUpgradeOfASleepingBuilderLeavesItAsleep() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            #expect(try await site.run("sleep").succeeded)
            let upgrade = try await site.install("--cpu", "2")
            #expect(upgrade.output.contains("Upgrade the release"), "\(upgrade)")
            #expect(try await site.builders() == [])
        }
    }

    @Test func whatIsNotThereCannotSleep() async throws {
        try await Installation.begin { site in
            let outcome = try await site.run("sleep")
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("There is no BuildKit in the release buildkit in namespace"),
                "\(outcome)")
        }
    }

    @Test func aPodThatDoesNotComeIsExplained() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            #expect(try await site.run("sleep").succeeded)
            try await site.cluster.kubectl.require(
                "set", "image", "deployment/buildkit-builder", "buildkitd=registry.test/unready", "-n",
                site.namespace)
            let outcome = try await site.run("wake", "--timeout", "1")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("BuildKit is not ready after 1 seconds"), "\(outcome)")
            #expect(outcome.errors.contains("waits: ImagePullBackOff"))
        }
    }

    @Test func sleepByItselfNeedsKEDA() async throws {
        try await Installation.begin { site in
            let values = "\(site.folder)/values.yaml"
            try Data("builder:\n  sleep:\n    enabled: true\n".utf8).write(to: URL(filePath: values))
            let outcome = try await site.install("--values", values)
            #expect(outcome.status == 69)
            #expect(
                outcome.errors.contains("sets builder.sleep.enabled, but KEDA is not in the cluster"),
                "\(outcome)")
            #expect(outcome.errors.hasSuffix("Nothing was changed.\n"))
            #expect(try await !site.cluster.has(site.namespace))
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
