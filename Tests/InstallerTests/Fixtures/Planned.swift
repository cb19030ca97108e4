@testable import Installer
import Testing

/// The plan; a refusal is an issue of the test.
func planned(_ plan: () throws -> Plan, sourceLocation: SourceLocation = #_sourceLocation) -> Plan {
    do { return try plan() } catch {
        Issue.record("There is no plan: \(error)", sourceLocation: sourceLocation)
        return .test([])
    }
}

extension Workflow {
    /// Why these facts give no plan; nil where they do.
    func refusal(_ answers: Answers, _ facts: Facts) -> PlanRefusal? {
        do throws(PlanRefusal) {
            _ = try plan(
                answers, facts, places: InstallerPaths(home: "/home/ada", environment: [:]), home: "/home/ada"
            )
            return nil
        } catch { return error }
    }
}
