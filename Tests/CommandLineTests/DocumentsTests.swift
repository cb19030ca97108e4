import FoundationEssentials
import Installer
import LabSupport
import Testing

@testable import buildkit_installer

/// The reference documents are generated from the tables in the program; UPDATE_GOLDEN=1 writes them.
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
            # Exit statuses

            Exit statuses are the same for all commands. Those from 64 to 78 follow `sysexits.h`; 130 is 128 plus SIGINT.
            With `--output json` the last line contains it as `exitStatus`.

            | Status | Meaning |
            | --- | --- |
            \(rows.joined(separator: "\n"))

            `install --dry-run`, `--checks-only` and `check` exit with 69 if a check of the install fails, so they can guard a pipeline.
            `status` exits with 1 if it finds problems and with 3 if a certificate expires within
            `--fail-under-days`; `rotate --check` exits with 3 if one expires within `--if-due`, otherwise with 1 if some
            could not be read.

            """
        try expect(text, at: "reference/exit-codes.md")
    }

    @Test func theFormsOfTheOutputAreThoseOfTheSchema() throws {
        let text = """
            # JSON output

            With `--output json` every line on standard output is one JSON object:

            - `type` is the type of the line, which determines the other keys.
            - `schemaVersion` is incremented by incompatible changes. New keys do not increment it.
            - `timestamp` is RFC 3339, in UTC with milliseconds.
            - Each failure and each diagnostic has a stable `code` (its message may be reworded) and the `id` of the
              affected object. `docs` of a failure is the entry of the code in the documentation.

            A command that makes changes prints `checks`, `plan`, `event` lines for each step, and finally `result`.
            A read-only command prints one line. A command that cannot start prints a `result` with the outcome
            `refused` or `failed`. [exit-codes.md](exit-codes.md) lists the exit statuses.

                buildkit-installer status --output json | jq -r '.diagnostics[] | "\\(.code) \\(.id)"'
                buildkit-installer install --yes --output json | jq -r 'select(.type == "event") | "\\(.timestamp) \\(.event) \\(.step // "")"'

            `buildkit-installer schema output` prints the JSON schema of a line, `schema answers` that of an answers file.
            Both are also in [output.schema.json](../output.schema.json) and
            [answers.schema.json](../answers.schema.json).

            ## Types

            \(OutputSchema.markdown.joined(separator: "\n"))
            """
        try expect(text, at: "reference/json-output.md")
        try expect(OutputSchema.schema.text(indented: true) + "\n", at: "output.schema.json")
    }
}

extension OutputSchema {
    /// The lines in the form of a document.
    fileprivate static var markdown: [String] {
        lines.flatMap { line in
            ["### `\(line.type)`", "", line.meaning, "", "| Key | Description |", "| --- | --- |"]
                + line.members.map { "| `\($0.key)`\($0.isRequired ? "" : " (optional)") | \($0.meaning) |" }
                + [""]
        }
    }
}
