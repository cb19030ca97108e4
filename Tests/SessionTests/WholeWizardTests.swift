import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// From the first page to the last, only by keys.
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
            try await terminal.wait(for: "Window too small")
            await terminal.resize(columns: 80, rows: 24)
            try await terminal.page("Done", with: "Next steps")
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

    /// Answers the first page to the review, without cache volume and verification.
    private func answer(_ cluster: Cluster, on terminal: PseudoTerminal) async throws {
        try await terminal.walk(to: "Namespace and release")
        try await terminal.page("Namespace and release", with: "Timeout (s)")
        try await terminal.replace(with: cluster.namespace)
        try await terminal.press(.control("n"))
        try await terminal.page("Builder", with: "Values file")
        try await terminal.press(.tab)
        try await terminal.wait(for: "Cache volume size")
        try await terminal.replace(with: "none")
        try await terminal.press(.control("n"))
        try await terminal.page("Registration", with: "Test build")
        try await terminal.press(.backTab)
        try await terminal.wait(for: "Run a test build")
        try await terminal.type(" ")
        try await terminal.wait(for: "[ ] no")
        try await terminal.press(.enter)
    }

    /// Walks a dry run of an install to its end.
    private func rehearse(in cluster: Cluster, _ terminal: PseudoTerminal) async throws {
        try await walkToReview(terminal)
        try await terminal.page("Review", with: "1  Create the namespace \(cluster.namespace)")
        try await terminal.type("i")
        try await terminal.page("Done", with: "no changes were made")
        try await terminal.press(.enter)
    }

    @Test func aRehearsalShowsAllStepsAndChangesNothing() async throws {
        try await Cluster.withLaptop { cluster in
            let before = try cluster.laptop.files
            let terminal = try cluster.laptop.open("install", "--dry-run", "--namespace", cluster.namespace)
            try await rehearse(in: cluster, terminal)
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
            #expect(await terminal.screenshot.text.contains("Dry run: no changes were made."))
            // The log for tools' output on standard error exists; it is empty.
            #expect(
                try cluster.laptop.files.subtracting(before).allSatisfy { file in
                    [".local", ".kube", ".cache", ".docker"].contains(where: file.hasPrefix)
                })
            #expect(try await cluster.isUntouched())
        }
    }

    @Test(arguments: [true, false])
    func theWizardSavesTheSettingsWhereAFlagSaysSo(isWritable: Bool) async throws {
        try await Cluster.withLaptop { cluster in
            let file = isWritable ? "\(cluster.laptop.home)/answers.json" : "/proc/answers.json"
            let terminal = try cluster.laptop.open(
                "install", "--dry-run", "--namespace", cluster.namespace, "--save-answers", file)
            try await rehearse(in: cluster, terminal)
            // The run itself has not failed.
            #expect(try await terminal.waitForEnd() == .exited(0))
            let text = await terminal.screenshot.text
            #expect(text.contains(isWritable ? "Settings saved to " : "Settings not saved: "), "\(text)")
            guard isWritable else { return }
            let saved = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            #expect(saved.contains(#""namespace": "\#(cluster.namespace)""#), "\(saved)")
        }
    }

    /// A part that cannot be read is planned neither as existing nor as missing.
    @Test func withoutClusterAndToolsNothingIsPlannedAndThatIsSaid() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run")
            try await terminal.page("Install BuildKit", with: "kubectl not found")
            try await walkToReview(terminal)
            try await terminal.page("Review", with: "Cannot create a plan: could not read")
            try await terminal.press(.control("c"), .control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
        }
    }

    private func walkToReview(_ terminal: PseudoTerminal) async throws {
        for (page, next) in zip(PseudoTerminal.titles.dropFirst(), PseudoTerminal.titles.dropFirst(2)) {
            try await terminal.page(page)
            try await terminal.proceed(from: page)
            try await terminal.page(next)
        }
    }

    @Test func whereNothingCanBeWrittenTheWizardOpensStill() async throws {
        try await withBareLaptop { laptop in
            let nowhere: [String: String?] = [
                "XDG_STATE_HOME": "/proc/nowhere", "XDG_CONFIG_HOME": "/proc/nowhere",
            ]
            let terminal = try laptop.open("install", "--dry-run", environment: nowhere)
            try await terminal.page("Install BuildKit", with: "kubectl not found")
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
