import FoundationEssentials
import Installer
import LabSupport

extension Outcome {
    /// The lines of `--output json`. A line that is not JSON fails the test.
    func reports() throws -> [JSONValue] {
        try output.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
    }

    /// The result object.
    func result() throws -> JSONValue {
        guard let result = try reports().last, result["type"] == "result" else {
            throw LabFailure("The last line is no result:\n\(output)\(errors)")
        }
        return result
    }

    /// The planned steps, by their id.
    func plannedSteps() throws -> [String] {
        (try reports().first { $0["type"] == "plan" }?["steps"]?.array ?? []).compactMap { $0["id"]?.string }
    }
}
