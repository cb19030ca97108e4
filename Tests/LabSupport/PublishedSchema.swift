/// Validates lines of `--output json` against the schema that the program itself prints, with an independent
/// validator.
public enum PublishedSchema {
    private static let validator = """
        import json, sys
        from jsonschema import Draft202012Validator
        given = json.load(sys.stdin)
        Draft202012Validator.check_schema(given["schema"])
        forms = {form["properties"]["type"]["const"]: form for form in given["schema"]["oneOf"]}
        for line in given["lines"]:
            for error in Draft202012Validator(forms[line["type"]]).iter_errors(line):
                print(line["type"], list(error.absolute_path), error.message)
        """

    /// The violations; empty where there are none.
    public static func violations(in output: String, by installer: Program) async throws -> String {
        let schema = try await installer.require("schema", "output")
        let lines = output.split(separator: "\n").joined(separator: ",")
        return try await Program("/usr/bin/python3").require(
            "-c", validator, input: #"{"schema": \#(schema), "lines": [\#(lines)]}"#)
    }
}
