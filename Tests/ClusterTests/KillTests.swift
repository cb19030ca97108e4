import Glibc
import LabSupport
import Testing

/// SIGKILL at any point of an install: the next run has the result of an undisturbed one.
@Suite struct KillTests {
    /// The point at which a run is killed.
    enum Cut: Sendable, CustomTestStringConvertible {
        /// At a tool: before it has started, or after it has ended and before the installer knows.
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
            // The held tool may continue now, if the next run has not ended it.
            if case .tool = cut {
                #expect(
                    next.output.contains("Stopped the leftover process")
                )
                try tools.letGo()
            }
            try await expectAsUndisturbed(installation)
            #expect(try await installation.revisions() == ["deployed"])
            #expect(try await installation.install().output.contains("Nothing to change"))
        }
    }
}
