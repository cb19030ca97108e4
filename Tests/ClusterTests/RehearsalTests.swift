import FoundationEssentials
import LabSupport
import Testing

/// Runs without changes: `--dry-run` and `--print-commands`.
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
            try await installation.shell(printed.output)
            #expect(try await installation.install().output.contains("Nothing to change"))
            try await expectAsUndisturbed(installation)
        }
    }

    /// A shell can neither sign, register nor revoke certificates: the scripts run the command itself.
    @Test func thePrintedCommandsOfCertificatesDoTheSame() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            func run(_ words: String...) async throws {
                let printed = try await installation.laptop.installer.run(
                    words + ["--print-commands", "--verify", "no", "--namespace", installation.namespace])
                #expect(printed.succeeded, "\(printed)")
                try await installation.shell(printed.output)
            }
            func register() async throws -> String {
                try await installation.envoySecret()["clients.json"] ?? ""
            }
            try await run("client", "add", "zed")
            #expect(try await register().contains("zed"))
            let lists = try await installation.envoySecret()["crl.pem"]
            try await run("client", "revoke", "zed")
            #expect(try await installation.envoySecret()["crl.pem"] != lists)
            let list = try await installation.client("list", "--output", "json")
            #expect(list.output.contains(#""name":"zed","role":"revoked""#), "\(list)")

            let server = try await installation.envoySecret()["server.pem"]
            try await run("rotate")
            let renewed = try await installation.envoySecret()["server.pem"]
            #expect(renewed != server)
            let inner = try await installation.data(of: "buildkit-secrets")
            try await run("rotate", "--renew", "inner")
            #expect(try await installation.data(of: "buildkit-secrets") != inner)
        }
    }

    /// The paths go through a shell, and through lists of kubectl, Helm and buildx. A quote with a combining accent is
    /// one character in Swift but two in the shell.
    @Test(arguments: ["'\u{301}; touch CREATED; '", "$(touch CREATED)", "`touch CREATED`", "a,\"b\" \\c"])
    func aPathThatLooksLikeACommandIsAPath(_ name: String) async throws {
        try await Installation.begin { installation in
            let certificates = "\(installation.folder)/\(name)"
            let values = "\(certificates).yaml"
            try Data("builder: {podLabels: {team: blue}}\n".utf8).write(to: URL(filePath: values))
            let words = installation.answers + ["--certs", certificates, "--values", values]
            let printed = try await installation.laptop.installer.run(
                ["install", "--print-commands"] + words)
            #expect(printed.succeeded, "\(printed)")
            try await installation.shell(printed.output)
            #expect(try installation.text("\(certificates)/daemon/cert.pem") != nil)

            // What a user would copy from the rehearsal.
            let shown = try await installation.laptop.installer.run(
                ["install", "--dry-run", "--port", "2345"] + words)
            let lines = shown.output.split(separator: "\n")
            let command = try #require(lines.last { $0.contains("buildkit-installer install") })
            try await installation.shell(String(command))
            #expect(try await installation.revisions() == ["superseded", "deployed"])
            let pods = try await installation.cluster.list("pods", in: installation.namespace)
            #expect(pods.contains { $0["metadata"]?["labels"]?["team"] == "blue" })

            let created = try FileManager.default.subpathsOfDirectory(atPath: installation.folder)
                .filter { $0.hasSuffix("CREATED") }
            #expect(created == [])
        }
    }
}

extension Installation {
    /// Runs a script as a user with these tools would, in the test's own folder.
    fileprivate func shell(_ script: String) async throws {
        let programs = "\(folder)/bin"
        try? FileManager.default.createSymbolicLink(
            atPath: "\(programs)/buildkit-installer", withDestinationPath: laptop.installer.path)
        let environment = laptop.installer.environment.merging(["PATH": "\(programs):/usr/bin:/bin"]) { $1 }
        let file = "\(folder)/script"
        try Data(script.utf8).write(to: URL(filePath: file))
        let shell = Program("/bin/sh", environment: environment)
        try await shell.require("-n", file)
        try await shell.require("-c", "cd '\(folder)' && . ./script")
    }
}
