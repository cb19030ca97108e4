import Installer
import Testing

@testable import buildkit_installer

@Suite struct HelpPageTests {
    private static let commands: [[String]] = [
        ["install"], ["check"], ["status"], ["doctor"], ["doctor", "bundle"], ["client", "add"],
        ["client", "list"],
        ["client", "renew"], ["client", "revoke"], ["rotate"], ["sleep"], ["wake"], ["uninstall"], ["issue"],
        ["chart"], ["answers", "check"], ["answers", "schema"], ["schema"], ["manual"],
    ]

    private func help(_ words: [String], columns: Int = 80) throws -> [String] {
        var command = try CommandTree.program.get()
        for word in words { command = try #require(command.subcommand(word)) }
        return command.lines(columns: columns)
    }

    @Test(arguments: commands) func itLeadsWithExamplesOfTheCommand(_ words: [String]) throws {
        let lines = try help(words)
        #expect(lines[2] == "EXAMPLES")
        let command = "  buildkit-installer \(words.joined(separator: " "))"
        #expect(lines[3].hasPrefix(command))
        #expect(lines[4].hasPrefix(command))
        #expect(lines.contains("EXIT STATUS"))
    }

    @Test func everyCommandHasTwoExamplesThatAreValidCommandLines() async throws {
        let shell: Set<Substring> = ["&&", "|", ">"]
        for command in try CommandTree.program.get().shown {
            let examples = Discussion(command.discussion ?? "").section("EXAMPLES")?.lines ?? []
            #expect(examples.count >= 2, "\(command.invocation)")
            for example in examples {
                let words = example.split(separator: " ").prefix { !shell.contains($0) }.map(String.init)
                // A default subcommand is not typed.
                let path = command.path.last == "examine" ? command.path.dropLast() : command.path[...]
                #expect(words.dropFirst().prefix(path.count) == path, "\(example)")
                await #expect(throws: Never.self, "\(example)") {
                    _ = try await BuildkitInstaller.asyncParseAsRoot(Array(words.dropFirst()))
                }
            }
        }
    }

    @Test func everyOptionIsShownWithItsDefaultAndItsVariable() throws {
        for command in try CommandTree.program.get().shown where !command.path.isEmpty {
            let lines = command.lines(columns: 80)
            for argument in command.ownArguments where argument.kind != .positional {
                let flags = argument.flags.joined(separator: ", ")
                let start = try #require(
                    lines.firstIndex { $0.hasPrefix("  \(flags) ") || $0 == "  \(flags)" }, "\(flags)")
                let rest = lines[(start + 1)...].prefix { $0.hasPrefix("     ") }
                let entry = ([lines[start]] + rest).joined(separator: " ").split(separator: " ").joined(
                    separator: " ")
                #expect(entry.contains("Default: ") || entry.contains("If not set:"), "\(entry)")
                guard let variable = argument.environmentVariable else { continue }
                #expect(
                    lines.contains {
                        $0.hasPrefix("  \(variable) ") && $0.hasSuffix(" \(argument.flags[0])")
                    },
                    "\(command.invocation): \(variable)")
            }
            #expect(lines.contains("EXIT STATUS"), "\(command.invocation)")
        }
    }

    @Test(arguments: [60, 80, 100, 140]) func nothingIsWiderThanTheTerminal(_ columns: Int) throws {
        for command in try CommandTree.program.get().shown {
            for line in command.lines(columns: columns) {
                // A URL or path that is longer than a line would not be one any more.
                let isOneWord = !line.drop { $0 == " " }.contains(" ")
                #expect(line.count <= columns || isOneWord, "\(command.invocation): \(line)")
            }
        }
    }

    @Test func aLongExampleIsContinuedAsAShellReadsIt() throws {
        let lines = try help(["install"], columns: 60)
        let first = try #require(
            lines.firstIndex { $0.hasPrefix("  buildkit-installer install --exposure load-balancer") })
        #expect(lines[first] == "  buildkit-installer install --exposure load-balancer \\")
        #expect(lines[first + 1] == "      --sans builder.example.com --yes")
    }

    @Test func questionsStandUnderTheHeadingsOfThePages() throws {
        let lines = try help(["install"])
        let headings = lines.filter { !$0.isEmpty && $0 == $0.uppercased() && !$0.hasPrefix(" ") }
        #expect(
            headings == [
                "EXAMPLES", "USAGE", "CLUSTER", "ADDRESS", "CERTIFICATES", "NAMESPACE AND RELEASE", "BUILDER",
                "REGISTRATION", "LOGIN", "OPTIONS", "ENVIRONMENT", "EXIT STATUS",
            ])
        let text = lines.joined(separator: "\n")
        #expect(text.contains("  --endpoint <host:port>\n"))
        #expect(text.contains("  --timeout <seconds>"))
        #expect(text.contains("  --namespace, -n <name>"))
        #expect(text.contains("BUILDKIT_INSTALLER_NAMESPACE"))
        #expect(!text.contains("<text>"))
    }

    @Test func onlyAnInstallSaysThatItCreatesTheNamespace() throws {
        #expect(try help(["install"]).joined(separator: " ").contains("Created if missing"))
        for words in [["status"], ["sleep"], ["client", "list"], ["rotate"], ["uninstall"]] {
            #expect(!(try help(words).joined(separator: " ").contains("Created if missing")), "\(words)")
        }
    }

    @Test func doctorShowsTheOptionsOfItsExamination() throws {
        let text = try help(["doctor"]).joined(separator: "\n")
        #expect(text.contains("--build, --no-build"))
        #expect(text.contains("bundle"))
        #expect(!text.contains("examine"))
    }

    @Test func eachCommandShowsItsOwnMeaningOfForce() throws {
        let meanings = [
            "sleep": "Scale down even if builds are running", "uninstall": "Cancel running builds",
            "rotate": "Drop the old CA even if clients still use it",
        ]
        for command in meanings.keys {
            let words = try help([command]).joined(separator: " ").split(separator: " ")
            let text = words.joined(separator: " ")
            #expect(text.contains("BUILDKIT_INSTALLER_FORCE"), "\(command)")
            for (other, meaning) in meanings {
                #expect(text.contains(meaning) == (other == command), "\(command): \(meaning)")
            }
        }
    }

    @Test func theProgramsPageNamesTheVariablesOfTheWizard() throws {
        let lines = try help([])
        for (variable, option) in [
            ("ANSWERS", "--answers"), ("THEME", "--theme"), ("PRODUCTION", "production"),
        ] {
            #expect(
                lines.contains { $0.hasPrefix("  BUILDKIT_INSTALLER_\(variable) ") && $0.hasSuffix(option) })
        }
        #expect(lines.contains { $0.hasPrefix("  --version ") })
    }
}

extension CommandTree {
    /// The commands that the help shows, with those that only have subcommands.
    fileprivate var shown: [CommandTree] { [self] + visibleSubcommands.flatMap(\.shown) }

    fileprivate func lines(columns: Int) -> [String] {
        HelpPage(self, columns: columns).text.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}
