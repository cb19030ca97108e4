import FoundationEssentials
import LabSupport
import Testing

/// What is shown and not done: `--dry-run` and `--print-commands`.
@Suite struct RehearsalTests {
    @Test func aRehearsalChangesNothing() async throws {
        try await Installation.begin { site in
            let files = try site.files()
            let outcome = try await site.laptop.installer.run(["install", "--dry-run"] + site.answers)
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("This was a rehearsal. Nothing was changed."))
            #expect(try site.files() == files)
            #expect(try await !site.cluster.has(site.namespace))
        }
    }

    @Test func aRehearsedChangeChangesNothing() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let (objects, files) = (try await site.objects(), try site.files())
            let outcome = try await site.laptop.installer.run(
                ["install", "--dry-run", "--port", "2345"] + site.answers)
            #expect(outcome.output.contains("Upgrade the release buildkit"))
            #expect(try await site.objects().map(\.resourceVersion) == objects.map(\.resourceVersion))
            #expect(try site.files() == files)
        }
    }

    @Test func theCommandsByHandDoTheSame() async throws {
        try await Installation.begin { site in
            let printed = try await site.laptop.installer.run(["install", "--print-commands"] + site.answers)
            #expect(printed.succeeded)
            #expect(try await !site.cluster.has(site.namespace))
            let script = "\(site.folder)/script"
            try Data(printed.output.utf8).write(to: URL(filePath: script))
            try FileManager.default.createSymbolicLink(
                atPath: "\(site.folder)/bin/buildkit-installer",
                withDestinationPath: site.laptop.installer.path)
            let shell = Program(
                "/bin/sh",
                environment: site.laptop.installer.environment.merging([
                    "PATH": "\(site.folder)/bin:/usr/bin:/bin"
                ]) { $1 })
            try await shell.require("-n", script)
            try await shell.require(script)
            #expect(try await site.install().output.contains("Nothing to change"))
            try await expectAsUndisturbed(site)
        }
    }
}
