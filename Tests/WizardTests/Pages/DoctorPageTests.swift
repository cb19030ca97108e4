import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The doctor's findings as a list.
@Suite struct DoctorPageTests {
    private func page() -> Stage {
        var stage = Stage()
        stage.press(.character("d"))
        stage.examine()
        return stage
    }

    @Test func theFirstProblemIsSelectedAndItsFixCopied() throws {
        var stage = page()
        #expect(stage.text.contains("› ✗ registered builder"))
        stage.press(.character("y"))
        let fix = try #require(stage.copied)
        #expect(fix.hasPrefix("buildkit-installer install"))
        stage.send(.copied)
        #expect(stage.text.contains("y copied"))
    }

    @Test func aListWithoutChecksOffersNoKeysOfAList() {
        var stage = Stage()
        stage.press(.character("d"))
        #expect(!stage.text.contains("↑↓ select") && !stage.text.contains("/ filter"))
        stage.examine()
        #expect(stage.text.contains("↑↓ select") && stage.text.contains("/ filter"))
    }

    @Test func anotherCheckIsSelectedByAKeyOrAClick() {
        var stage = page()
        stage.press(.down)
        #expect(stage.text.contains("› ✓ buildx default configuration"))
        #expect(!stage.text.contains("copy fix"))
        stage.click("client files")
        #expect(stage.text.contains("› ✓ client files"))
    }

    @Test func theChecksAreFilteredAsOneTypes() {
        var stage = page()
        stage.press(.character("/"))
        stage.type("certific")
        #expect(stage.text.contains("› - server certificate"))
        #expect(!stage.text.contains("DNS"))
        // `r` would run the checks again, and `q` would quit.
        stage.type("rq")
        #expect(stage.text.contains("/certificrq  no match"))
        stage.press(.backspace, .backspace, .down, .escape)
        #expect(stage.text.contains("DNS"))
        #expect(stage.text.contains("› - client certificate"))
        stage.press(.escape)
        #expect(stage.walk.place == .start)
    }

    /// A finding with more words than a low window has rows for.
    private func longFinding(columns: Int, rows: Int) throws -> Stage {
        var stage = Stage(columns: columns, rows: rows)
        stage.press(.character("d"))
        var findings = Sample.findings
        let index = try #require(findings.results.firstIndex { $0.id == "builder" })
        findings.results[index].verdict = .broken(
            InstallerError(
                "The pods are not ready", detail: (1...20).map { "event \($0)" }.joined(separator: "\n"),
                hint: "Check them: kubectl get pods", code: .podsNotReady))
        let number = stage.walk.model.examination
        stage.send(.findings(findings, examination: number), .examined(examination: number))
        return stage
    }

    @Test func theDetailsAreScrolledInALowWindow() throws {
        var stage = try longFinding(columns: 80, rows: 18)
        #expect(stage.text.contains("Check them: kubectl get pods"))
        #expect(stage.text.contains("PgDn details"))
        #expect(!stage.text.contains("event 20"))
        for _ in 0..<8 { stage.press(.pageDown) }
        #expect(stage.text.contains("event 20"))
        #expect(stage.text.contains("See   docs/troubleshooting.md#PodsNotReady"))
        #expect(stage.text.contains("› ✗ registered builder"))
        stage.press(.pageUp)
        #expect(!stage.text.contains("See   docs"))
        // The arrows are the list's, and the next finding is read from its start.
        stage.press(.down, .up)
        #expect(stage.text.contains("Check them: kubectl get pods"))
    }

    @Test func theDetailsBesideTheListAreScrolledToo() throws {
        var stage = try longFinding(columns: 120, rows: 20)
        #expect(!stage.text.contains("docs/troubleshooting.md#PodsNotReady"))
        stage.press(.pageDown)
        #expect(stage.text.contains("docs/troubleshooting.md#PodsNotReady"))
        stage.send(.resized(Size(columns: 120, rows: 40)))
        #expect(stage.text.contains("Check them: kubectl get pods"))
        #expect(!stage.text.contains("PgDn details"))
    }

    /// What an examination of before a run finds says nothing about now.
    @Test func anEarlierExaminationIsIgnored() {
        var stage = page()
        stage.press(.escape)
        stage.press(.character("d"))
        let number = stage.walk.model.examination
        stage.send(.findings(Sample.findings, examination: number - 1), .examined(examination: number - 1))
        #expect(stage.text.contains("checking"))
        #expect(!stage.text.contains("registered builder"))
        stage.examine(isOver: false)
        #expect(stage.text.contains("registered builder"))
        #expect(stage.text.contains("checking"))
        stage.examine()
        #expect(!stage.text.contains("checking"))
    }

    @Test func theChecksAreRunAgain() {
        var stage = page()
        stage.press(.character("r"))
        #expect(stage.text.contains("checking"))
        guard case .examine = stage.effects.last else {
            Issue.record("nothing is examined")
            return
        }
    }
}
