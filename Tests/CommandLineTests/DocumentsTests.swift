import FoundationEssentials
import Installer
import LabSupport
import Testing

@testable import buildkit_installer

/// The reference documents are made from the tables in the program; UPDATE_GOLDEN=1 writes them anew.
@Suite struct DocumentsTests {
    private func expect(_ text: String, at path: String) throws {
        let url = URL(filePath: "\(Installation.repository)/docs/\(path)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: url)
            return
        }
        let stored = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        #expect(stored == text, "UPDATE_GOLDEN=1 make test rewrites it")
    }

    @Test func theExitCodesAreThoseOfTheTable() throws {
        let rows = ExitStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
        let text = """
            # Exit codes

            The same for every command. Codes from 64 to 78 are those of `sysexits.h`; 130 is 128 and SIGINT. With
            `--output json` the last line holds the code as `exitStatus`.

            | code | meaning |
            | --- | --- |
            \(rows.joined(separator: "\n"))

            `install --dry-run` and `check` end with 69 where the install would be refused by its checks, so they can
            guard a pipeline. `status` ends with 1 where something is wrong and with 3 where a certificate expires
            within `--fail-under-days`; `rotate --check` ends with 3 where one expires within `--if-due`.

            """
        try expect(text, at: "reference/exit-codes.md")
    }

    @Test func theFormsOfTheOutputAreThoseOfTheSchema() throws {
        let text = """
            # JSON output

            With `--output json` every line on standard output is one JSON object:

            - `type` says what the line is; the keys of that type stand beside it.
            - `schemaVersion` is raised by a change that a reader has to know of. New keys do not raise it.
            - `timestamp` is RFC 3339, in UTC with milliseconds.
            - Every failure and every diagnostic has a `code` that stays the same when its sentence is reworded, and an
              `id` of what it is about where there is one.

            A command that changes something prints `checks`, `plan`, an `event` for each step, and at last `result`.
            A command that only looks prints one line. A command that could not begin prints a `result` with the
            outcome `refused` or `failed`. The exit status is that of [exit-codes.md](exit-codes.md).

                buildkit-installer status --output json | jq -r '.diagnostics[] | "\\(.code) \\(.id)"'
                buildkit-installer install --yes --output json | jq -r 'select(.type == "event") | "\\(.timestamp) \\(.event) \\(.step // "")"'

            `buildkit-installer schema output` prints the JSON schema of a line, `schema answers` that of an answers file;
            they are also in [output.schema.json](../output.schema.json) and
            [answers.schema.json](../answers.schema.json).

            ## Types

            \(OutputSchema.markdown.joined(separator: "\n"))
            """
        try expect(text, at: "reference/json-output.md")
        try expect(OutputSchema.schema.text(indented: true) + "\n", at: "output.schema.json")
    }
}

extension OutputSchema {
    /// The lines as a document has them.
    fileprivate static var markdown: [String] {
        lines.flatMap { line in
            ["### `\(line.type)`", "", line.meaning, "", "| key | what it is |", "| --- | --- |"]
                + line.members.map { "| `\($0.key)`\($0.isRequired ? "" : " (optional)") | \($0.meaning) |" }
                + [""]
        }
    }
}
