import FoundationEssentials
import LabSupport
import Testing

/// What is shown and not done: `--dry-run` and `--print-commands`.
@Suite struct RehearsalTests {
    @Test func aRehearsalChangesNothing() async throws {
        try await Installation.begin { installation in
            let files = try installation.files()
            let outcome = try await installation.laptop.installer.run(
                ["install", "--dry-run"] + installation.answers)
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("Dry run: no changes were made."))
            #expect(try installation.files() == files)
            #expect(try await !installation.cluster.has(installation.namespace))
        }
    }

    @Test func aRehearsedChangeChangesNothing() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let (objects, files) = (try await installation.objects(), try installation.files())
            let outcome = try await installation.laptop.installer.run(
                ["install", "--dry-run", "--port", "2345"] + installation.answers)
            #expect(outcome.output.contains("Upgrade the release buildkit"))
            #expect(try await installation.objects().map(\.resourceVersion) == objects.map(\.resourceVersion))
            #expect(try installation.files() == files)
        }
    }

    @Test func theCommandsByHandDoTheSame() async throws {
        try await Installation.begin { installation in
            let printed = try await installation.laptop.installer.run(
                ["install", "--print-commands"] + installation.answers)
            #expect(printed.succeeded)
            #expect(try await !installation.cluster.has(installation.namespace))
            let script = "\(installation.folder)/script"
            try Data(printed.output.utf8).write(to: URL(filePath: script))
            try FileManager.default.createSymbolicLink(
                atPath: "\(installation.folder)/bin/buildkit-installer",
                withDestinationPath: installation.laptop.installer.path)
            let shell = Program(
                "/bin/sh",
                environment: installation.laptop.installer.environment.merging([
                    "PATH": "\(installation.folder)/bin:/usr/bin:/bin"
                ]) { $1 })
            try await shell.require("-n", script)
            try await shell.require(script)
            #expect(try await installation.install().output.contains("Nothing to change"))
            try await expectAsUndisturbed(installation)
        }
    }
}
