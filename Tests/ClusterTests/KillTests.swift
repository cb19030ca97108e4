import Glibc
import LabSupport
import Testing

/// SIGKILL anywhere in an install: the next run ends where an undisturbed one would have.
@Suite struct KillTests {
    /// Where a run is killed.
    enum Cut: Sendable, CustomTestStringConvertible {
        /// At a tool: before it has begun, or when it is done and the installer does not know yet.
        case tool(ToolWatch.Moment, String, number: Int = 1)
        /// Once the installer has reported something.
        case report(String)

        var testDescription: String {
            switch self {
            case .tool(let moment, let words, let number): "\(moment.rawValue) \(words) (\(number))"
            case .report(let text): "at \(text)"
            }
        }
    }

    private static let cuts: [Cut] = [
        .report(#""event":"began""#),
        .tool(.before, "{.metadata.uid} --context"), .tool(.after, "{.metadata.uid} --context"),
        .tool(.after, "{.metadata.resourceVersion} --namespace", number: 2),
        .report(reportedEvent("started", ofStep: "certificates")), .report("daemon/key.pem"),
        .tool(.before, "{.metadata.uid} --namespace", number: 1),
        .tool(.after, "{.metadata.uid} --namespace", number: 1),
        .tool(.before, "{.metadata.uid} --namespace", number: 2),
        .tool(.after, "{.metadata.uid} --namespace", number: 2),
        .report(reportedEvent("started", ofStep: "chart")),
        .tool(.before, "helm install"), .tool(.after, "helm install"),
        .tool(.before, "buildx create"), .tool(.after, "buildx create"),
        .report(#""event":"ended""#),
    ]

    @Test(arguments: cuts) func theNextRunEndsAsAnUndisturbedOne(_ cut: Cut) async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            if case .tool(let moment, let words, let number) = cut {
                try tools.hold(moment, words, number: number)
            }
            _ = try await installation.install([], signal: SIGKILL) { said in
                switch cut {
                case .tool: tools.isHolding
                case .report(let text): said.contains(text)
                }
            }
            let next = try await installation.install()
            #expect(next.succeeded, "\(next)")
            // What was held may go on now, if the next run has left it alive.
            if case .tool = cut {
                #expect(
                    next.output.contains("was still at work for a run that was killed, and has been stopped.")
                )
                try tools.letGo()
            }
            try await expectAsUndisturbed(installation)
            #expect(try await installation.revisions() == ["deployed"])
            #expect(try await installation.install().output.contains("Nothing to change"))
        }
    }
}
