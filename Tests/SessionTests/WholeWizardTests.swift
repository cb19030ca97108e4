import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// From the first page to the last, by keys alone.
@Suite struct WholeWizardTests {
    @Test func anInstallOnARealClusterEndsWithAReleaseAndABuilder() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try cluster.laptop.open()
            try await answer(cluster, on: terminal)
            try await terminal.page("Review", with: "1  Create the namespace \(cluster.namespace)")
            try await terminal.type("i")
            try await terminal.page("Progress")
            await terminal.resize(columns: 60, rows: 18)
            await terminal.resize(columns: 30, rows: 8)
            try await terminal.wait(for: "Make the window larger")
            await terminal.resize(columns: 80, rows: 24)
            try await terminal.page("Done", with: "What to type next")
            try await terminal.press(.enter)
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
            #expect(await terminal.screenshot.text.contains("BuildKit is installed."))

            #expect(try await cluster.releases() == ["buildkit"])
            #expect(
                try await cluster.objects("deployments") == [
                    "deployment.apps/buildkit-builder", "deployment.apps/buildkit-proxy",
                ])
            #expect(try await cluster.objects("persistentvolumeclaims") == [])
            #expect(try await cluster.builders().contains("remote-kubernetes*"))
        }
    }

    /// The first page to the review, as somebody answers who wants no cache volume and no proof.
    private func answer(_ cluster: Cluster, on terminal: PseudoTerminal) async throws {
        try await terminal.page("BuildKit for your team", with: "Install")
        try await terminal.press(.enter)
        try await terminal.page("Checks", with: "API server")
        try await terminal.press(.enter)
        try await terminal.page("Address", with: "and expects")
        try await terminal.press(.enter)
        try await terminal.page("Certificates", with: "Discard authority")
        try await terminal.press(.enter)
        try await terminal.page("Namespace and release", with: "Timeout, seconds")
        try await terminal.replace(with: cluster.namespace)
        try await terminal.press(.enter)
        try await terminal.page("Builder", with: "More values")
        try await terminal.press(.tab)
        try await terminal.wait(for: "The size of the volume")
        try await terminal.replace(with: "none")
        try await terminal.press(.enter)
        try await terminal.page("Registration", with: "Prove it")
        try await terminal.press(.backTab)
        try await terminal.wait(for: "Run a small test build")
        try await terminal.type(" ")
        try await terminal.wait(for: "[ ] no")
        try await terminal.press(.enter)
    }

    @Test func aRehearsalShowsAllStepsAndChangesNothing() async throws {
        try await Cluster.withLaptop { cluster in
            let before = try cluster.laptop.files
            let terminal = try cluster.laptop.open("install", "--dry-run", "--namespace", cluster.namespace)
            try await terminal.page("Checks", with: "API server")
            try await walkToReview(terminal)
            try await terminal.page("Review", with: "1  Create the namespace \(cluster.namespace)")
            try await terminal.type("i")
            try await terminal.page("Rehearsed", with: "no changes were made")
            try await terminal.press(.enter)
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
            #expect(await terminal.screenshot.text.contains("Dry run: no changes were made."))
            // What tools would have said on standard error has a place; it is empty.
            #expect(
                try cluster.laptop.files.subtracting(before).allSatisfy { file in
                    [".local", ".kube", ".cache", ".docker"].contains(where: file.hasPrefix)
                })
            #expect(try await cluster.isUntouched())
        }
    }

    /// What cannot be read is planned neither as there nor as missing.
    @Test func withoutClusterAndToolsNothingIsPlannedAndThatIsSaid() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run")
            try await terminal.page("Checks", with: "kubectl was not found")
            try await walkToReview(terminal)
            try await terminal.page("Review", with: "Nothing is planned, for this could not be read")
            try await terminal.press(.control("c"), .control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
        }
    }

    private func walkToReview(_ terminal: PseudoTerminal) async throws {
        for title in PseudoTerminal.titles.drop(while: { $0 != "Checks" }).dropFirst() {
            try await terminal.press(.enter)
            try await terminal.page(title)
        }
    }

    @Test func whereNothingCanBeWrittenTheWizardOpensStill() async throws {
        try await withBareLaptop { laptop in
            let nowhere: [String: String?] = [
                "XDG_STATE_HOME": "/proc/nowhere", "XDG_CONFIG_HOME": "/proc/nowhere",
            ]
            let terminal = try laptop.open("install", "--dry-run", environment: nowhere)
            try await terminal.page("Checks", with: "kubectl was not found")
            try await terminal.press(.control("c"), .control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
        }
    }
}

extension Laptop {
    /// Every file and folder below the home.
    fileprivate var files: Set<String> {
        get throws { Set(try FileManager.default.subpathsOfDirectory(atPath: home)) }
    }
}
