import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The schema of answers files, tested with an independent validator.
@Suite struct AnswersSchemaTests {
    private static let validator = """
        import json, sys
        from jsonschema import Draft202012Validator
        given = json.load(sys.stdin)
        Draft202012Validator.check_schema(given["schema"])
        validator = Draft202012Validator(given["schema"])
        print(json.dumps([validator.is_valid(instance) for instance in given["instances"]]))
        """

    private func verdicts(on files: [String]) async throws -> [Bool] {
        let schema = AnswersFile.schema.text(indented: false)
        let output = try await Program("/usr/bin/python3").require(
            "-c", Self.validator,
            input: #"{"schema": \#(schema), "instances": [\#(files.joined(separator: ","))]}"#)
        return try JSONDecoder().decode([Bool].self, from: Data(output.utf8))
    }

    private func file(_ text: String) -> AnswersFile {
        AnswersFile(path: "a.json", contents: Data(text.utf8))
    }

    @Test func whatTheProgramWritesIsValid() async throws {
        let files =
            Field.all.map { AnswersFile.text(of: [$0.id: $0.example]) }
            + Field.all.map { AnswersFile.text(of: [$0.id: $0.text(in: Answers())].filter { $1 != "" }) }
            + Form.all.map { #"{"interactive": ["\#($0.id)"]}"# }
            + ["{}", #"{"interactive": [], "$schema": "answers.schema.json"}"#]
        for (text, isValid) in zip(files, try await verdicts(on: files)) {
            #expect(isValid, "\(text)")
            #expect(file(text).problems.isEmpty, "\(text)")
        }
    }

    @Test func whatTheProgramRefusesIsNot() async throws {
        let files =
            Field.all.map { #"{"\#($0.id)": \#($0.wrongValue)}"# } + [
                #"{"namspace": "x"}"#, #"{"interactive": ["nowhere"]}"#, #"{"interactive": "address"}"#, "[]",
            ]
        for (text, isValid) in zip(files, try await verdicts(on: files)) {
            #expect(!isValid, "\(text)")
            #expect(!AnswerSources(file: file(text)).resolve().problems.isEmpty, "\(text)")
        }
    }

    @Test func itStandsInTheDocumentsForEditors() throws {
        let url = URL(filePath: "\(Installation.repository)/docs/answers.schema.json")
        let fresh = AnswersFile.schema.text(indented: true) + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(fresh.utf8).write(to: url)
            return
        }
        let stored = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        #expect(stored == fresh, "UPDATE_GOLDEN=1 make test rewrites it")
    }
}

extension Field {
    /// JSON that is not a valid answer.
    fileprivate var wrongValue: String {
        switch kind {
        case .text, .path: #"["x"]"#
        case .number: range.map { "\($0.upperBound + 1)" } ?? "1.5"
        case .toggle, .list: "3"
        case .choice: #""none-of-them""#
        case .choices: #"["none-of-them"]"#
        }
    }
}
